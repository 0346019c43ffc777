//! Rule: some words are forbidden in code, others in tests or in comments.

use std::collections::BTreeSet;

use crate::sources::{Source, fault, files, none, rust_files};

/// Forbidden in every Rust file, with the remedy.
const NOWHERE: [(&str, &str); 6] = [
    ("inner_html", "Render views: text that people wrote must not become markup."),
    ("todo!(", "Write the code, or remove it."),
    ("unimplemented!(", "Write the code, or remove it."),
    ("dbg!(", "Log the value with tracing, or remove this."),
    ("#[allow(", "Mend it, or write `#[expect(lint, reason = \"…\")]`, which is reported when it is no longer needed."),
    (
        "#![allow(",
        "Mend it, or write `#![expect(lint, reason = \"…\")]`, which is reported when it is no longer needed.",
    ),
];

/// Forbidden in Rust tests, with the remedy.
const NOT_IN_RUST_TESTS: [(&str, &str); 2] = [
    ("#[ignore", "Mend the test, or remove it: a test that doesn't run checks nothing."),
    ("thread::sleep", "Wait for the event that the test is about, or move tokio's clock."),
];

/// Forbidden in browser tests, with the remedy.
const NOT_IN_BROWSER_TESTS: [(&str, &str); 9] = [
    ("waitForTimeout", "Wait for what a person would see: `await expect(…)`."),
    ("test.only(", "Remove `only`: the other tests must run too."),
    ("test.skip(", "Mend the test, or remove it."),
    ("test.fixme(", "Mend the test, or remove it."),
    ("describe.only(", "Remove `only`: the other tests must run too."),
    ("describe.skip(", "Mend the tests, or remove them."),
    ("describe.fixme(", "Mend the tests, or remove them."),
    ("test.only.", "Remove `only`: the other tests must run too."),
    ("test.fail(", "Mend the test, or remove it."),
];

/// A comment that sends the reader elsewhere instead of saying what the item is.
const NO_DOCUMENTATION: &str = "see the module";

#[test]
fn no_comment_sends_the_reader_to_the_module() {
    let mut faults = Vec::new();
    for file in &searched() {
        let lines = file.text.lines().enumerate();
        let said = lines.filter(|(_, line)| line.contains("//") && line.to_lowercase().contains(NO_DOCUMENTATION));
        let remedy = "Say what a value of the type is, or what the function returns.";
        faults.extend(said.map(|(i, _)| fault(&file.path, i + 1, "`See the module` is no documentation", remedy)));
    }
    none(&faults);
}

#[test]
fn no_rust_file_has_a_forbidden_word() {
    none(&searched().iter().flat_map(|file| said(file, &NOWHERE)).collect::<Vec<_>>());
}

#[test]
fn no_test_is_ignored_and_none_sleeps() {
    let rust = searched();
    let in_tests = rust.iter().flat_map(|file| {
        let first_line = if file.is_test() { Some(1) } else { tests_begin(file) };
        let said = first_line.map(|first| said_from(file, &NOT_IN_RUST_TESTS, first));
        said.unwrap_or_default()
    });
    let browser = files("end2end", &["ts", "mjs"]);
    assert!(!browser.is_empty(), "end2end/ has no tests: the walk is broken");
    let in_browser_tests = browser.iter().flat_map(|file| said(file, &NOT_IN_BROWSER_TESTS));
    none(&in_tests.chain(in_browser_tests).collect::<Vec<_>>());
}

#[test]
fn the_app_is_cut_by_crate_and_not_by_features() {
    let says_ssr = |file: &Source| file.code().any(|(_, code)| words(code).any(|word| word == "ssr"));
    let files: BTreeSet<String> =
        files("app", &["rs"]).iter().filter(|file| says_ssr(file)).map(|file| file.path.clone()).collect();
    let remedy = "call the trait `Backend` for data that only the server has";
    assert!(files.len() <= 1, "the word `ssr` stands in more than one file of app/: {remedy}\n{files:#?}");
}

/// Returns every Rust file except those of this test, which contain the words.
fn searched() -> Vec<Source> {
    rust_files().into_iter().filter(|file| !file.path.starts_with("protocol/tests/tidy/")).collect()
}

fn said(file: &Source, words: &[(&str, &str)]) -> Vec<String> {
    said_from(file, words, 1)
}

fn said_from(file: &Source, words: &[(&str, &str)], first_line: usize) -> Vec<String> {
    let code = file.code().filter(|(line, _)| *line >= first_line);
    let found = code.flat_map(|(line, code)| {
        let said = words.iter().filter(move |(word, _)| code.contains(word));
        said.map(move |(word, remedy)| fault(&file.path, line, &format!("`{word}` is forbidden here"), remedy))
    });
    found.collect()
}

/// Returns the line on which the tests of a source file begin.
fn tests_begin(file: &Source) -> Option<usize> {
    file.text.lines().position(|line| line == "#[cfg(test)]").map(|i| i + 1)
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
}
