//! Rule: files are short. Tests are exempt, also those at the end of a source file.

use crate::sources::{Source, fault, files, none, rust_sources};

/// The limit for every file.
const MAX_LINES: usize = 400;
/// A longer file gives the reason in a line of its header that begins with [`REASON`].
const LONG_LINES: usize = 250;
const REASON: &str = " Long: ";
/// The limit for the median of all files.
const MEDIAN_LINES: usize = 120;
/// The limit for `lib.rs` and `mod.rs`, which declare modules and re-export names.
const MAX_MAP_LINES: usize = 40;
/// The limit for the server's `main.rs`, which reads settings and starts the server.
const MAX_MAIN_LINES: usize = 60;
/// The limit for a file of `style/`.
const MAX_CSS_LINES: usize = 250;

#[test]
fn no_source_file_is_too_long() {
    let faults: Vec<String> = rust_sources().iter().filter_map(too_long).collect();
    none(&faults);
}

#[test]
fn half_of_the_source_files_are_short() {
    let mut lengths: Vec<usize> = rust_sources().iter().map(n_lines).collect();
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(median <= MEDIAN_LINES, "half of the files are longer than {median} lines: split some by what they do");
}

#[test]
fn no_partial_of_the_styles_is_too_long() {
    let partials = files("style", &["css"]);
    assert!(!partials.is_empty(), "style/ has no CSS: the walk is broken");
    let long = partials.iter().filter(|file| file.text.lines().count() > MAX_CSS_LINES);
    let rule = format!("longer than {MAX_CSS_LINES} lines");
    let remedy = "Move a component into a partial of its own.";
    none(&long.map(|file| fault(&file.path, MAX_CSS_LINES + 1, &rule, remedy)).collect::<Vec<_>>());
}

fn too_long(file: &Source) -> Option<String> {
    let n_lines = n_lines(file);
    let name = file.path.rsplit('/').next().unwrap_or_default();
    let (max, remedy) = match name {
        "lib.rs" | "mod.rs" => {
            (MAX_MAP_LINES, "Keep the map of the folder here, and move the rest to files of its own.")
        }
        "main.rs" if file.path == "server/src/main.rs" => (MAX_MAIN_LINES, "Move code to the library."),
        _ if file.header().any(|line| line.starts_with(REASON)) => (MAX_LINES, "Split it by what it does."),
        _ => (LONG_LINES, "Split it, or give the reason in a header line that begins with `//! Long: `."),
    };
    let rule = format!("{n_lines} lines, and {max} are allowed");
    (n_lines > max).then(|| fault(&file.path, max + 1, &rule, remedy))
}

/// Returns the number of lines before the tests at the end of a file.
fn n_lines(file: &Source) -> usize {
    let lines: Vec<&str> = file.text.lines().collect();
    let tests = lines.windows(2).position(|two| two[0] == "#[cfg(test)]" && two[1].ends_with(" {"));
    tests.unwrap_or(lines.len())
}
