//! Reads the files of the workspace, and formats broken rules. Called by every rule.

use std::fs;
use std::path::{Path, PathBuf};

/// The members of the workspace.
pub(crate) const CRATES: [&str; 7] = ["protocol", "markup", "client", "app", "frontend", "server", "bench"];
/// Folders with built, installed or generated files.
const NOT_OURS: [&str; 7] = ["target", "node_modules", ".git", "data", "results", "test-results", "playwright-report"];

/// A file of the workspace.
pub(crate) struct Source {
    /// The path from the root of the workspace, separated by `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// Returns the lines that are no comments, numbered from 1.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(i, line)| (i + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// Returns the `//!` lines at the top, without `//!`.
    pub(crate) fn header(&self) -> impl Iterator<Item = &str> {
        self.text.lines().map_while(|line| line.strip_prefix("//!"))
    }

    /// Whether the whole file is a test.
    pub(crate) fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.path.ends_with("/tests.rs")
    }
}

/// Returns the Rust files of all crates: sources, tests and build scripts.
pub(crate) fn rust_files() -> Vec<Source> {
    let folders = CRATES.iter().flat_map(|name| [format!("{name}/src"), format!("{name}/tests")]);
    let mut files: Vec<Source> = folders.flat_map(|folder| files(&folder, &["rs"])).collect();
    files.extend(CRATES.iter().filter_map(|name| read(&format!("{name}/build.rs"))));
    assert!(files.len() > 100, "only {} Rust files were found: the walk is broken", files.len());
    files
}

/// Returns the Rust files that are not tests.
pub(crate) fn rust_sources() -> Vec<Source> {
    rust_files().into_iter().filter(|file| !file.is_test()).collect()
}

/// Returns the files below a folder with one of these extensions, sorted by path.
pub(crate) fn files(folder: &str, endings: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    let has_ending = |path: &PathBuf| path.extension().is_some_and(|ending| endings.iter().any(|e| ending == *e));
    let mut paths: Vec<PathBuf> = found.into_iter().filter(has_ending).collect();
    paths.sort();
    paths.iter().map(|path| read(&relative(path)).expect("a file that was just listed")).collect()
}

/// Reads a file by its path from the root. Returns None if there is no such file.
pub(crate) fn read(path: &str) -> Option<Source> {
    let text = fs::read_to_string(root().join(path)).ok()?;
    Some(Source { path: path.to_owned(), text })
}

/// Whether there is a file or folder at a path from the root.
pub(crate) fn exists(path: &str) -> bool {
    root().join(path).exists()
}

/// Formats one broken rule: the place, the rule and the remedy.
pub(crate) fn fault(path: &str, line: usize, rule: &str, remedy: &str) -> String {
    format!("{path}:{line}: {rule}\n    {remedy}")
}

/// Panics with all broken rules, if there are any.
pub(crate) fn none(faults: &[String]) {
    assert!(faults.is_empty(), "{} broken rules\n\n{}\n", faults.len(), faults.join("\n"));
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.map(|entry| entry.expect("an entry of a folder that was opened")) {
        let path = entry.path();
        let is_ours = !NOT_OURS.iter().any(|name| path.file_name().is_some_and(|last| last == *name));
        match path.is_dir() {
            true if is_ours => walk(&path, found),
            true => {}
            false => found.push(path),
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace is around this crate").to_owned()
}

fn relative(path: &Path) -> String {
    let path = path.strip_prefix(root()).expect("a path under the root");
    path.to_str().expect("a path that is text").replace('\\', "/")
}
