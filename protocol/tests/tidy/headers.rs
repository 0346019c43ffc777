//! Rule: the first line of every Rust file says what the file does.

use crate::sources::{fault, none, rust_files};

#[test]
fn every_rust_file_begins_by_saying_what_it_does() {
    let silent = rust_files().into_iter().filter(|file| file.header().next().is_none_or(|line| line.trim().is_empty()));
    let faults: Vec<String> = silent
        .map(|file| {
            let rule = "the first line is no `//!` line";
            fault(&file.path, 1, rule, "Say there what the file does, who calls it and what it must not know.")
        })
        .collect();
    none(&faults);
}
