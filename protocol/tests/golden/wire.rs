//! Golden files as text: read, listed and compacted. Called by the tests beside it.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// The text of a golden file, as people read it.
pub(crate) fn golden(name: &str) -> String {
    let path = folder().join(format!("{name}.json"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{} is missing: {error}", path.display()))
}

/// The names of all golden files.
pub(crate) fn golden_files() -> BTreeSet<String> {
    let entries = fs::read_dir(folder()).expect("the folder is beside this file");
    let names = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a plain name"));
    names.filter(|name| name.ends_with(".json")).collect()
}

/// JSON without the white space between its tokens. The order of fields stays, so that it counts in a comparison.
pub(crate) fn compact(json: &str) -> String {
    let (mut in_string, mut escaped) = (false, false);
    let kept = json.chars().filter(|c| {
        let is_text = in_string;
        match c {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            _ => {}
        }
        is_text || !c.is_ascii_whitespace()
    });
    kept.collect()
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

#[test]
fn compacting_leaves_texts_alone() {
    assert_eq!(compact("{ \"a b\" :\n [ 1, \"\\\" , \" ] }"), r#"{"a b":[1,"\" , "]}"#);
}
