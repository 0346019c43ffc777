//! Rule: links between documents have a target, and the files that ARCHITECTURE.md names exist.

use crate::sources::{Source, exists, fault, files, none, read};

#[test]
fn links_between_documents_have_a_target() {
    let mut faults = Vec::new();
    for document in documents() {
        for (line, target) in links(&document.text) {
            let path = beside(&document.path, target.split('#').next().unwrap_or_default());
            if !exists(&path) {
                let remedy = "Mend the link, or add its target.";
                faults.push(fault(&document.path, line, &format!("the link {target} has no target"), remedy));
            }
        }
    }
    none(&faults);
}

#[test]
fn files_named_in_the_architecture_exist() {
    let document = read("ARCHITECTURE.md").expect("there is a map");
    let mut faults = Vec::new();
    for (i, line) in document.text.lines().enumerate() {
        // Every second piece stands between back ticks.
        for path in line.split('`').skip(1).step_by(2).filter(|text| text.contains('/') && text.ends_with(".rs")) {
            let homes = ["", "server/src/", "app/src/", "client/src/"];
            if !homes.iter().any(|home| exists(&format!("{home}{path}"))) {
                faults.push(fault(&document.path, i + 1, &format!("there is no {path}"), "Name the file of today."));
            }
        }
    }
    none(&faults);
}

fn documents() -> Vec<Source> {
    let at_the_root = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"];
    let mut documents: Vec<Source> =
        at_the_root.iter().map(|path| read(path).unwrap_or_else(|| panic!("{path} is missing"))).collect();
    documents.extend(files("docs", &["md"]));
    documents.extend(read("bench/README.md"));
    documents
}

/// Returns the targets of links and pictures within the repository, with their lines.
fn links(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let targets = |line| str::split(line, "](").skip(1).filter_map(|rest| rest.split(')').next());
    let all = text.lines().enumerate().flat_map(move |(i, line)| targets(line).map(move |target| (i + 1, target)));
    all.filter(|(_, target)| !target.starts_with('#') && !target.contains("://"))
}

/// Returns the path from the root for a target in a document.
fn beside(document: &str, target: &str) -> String {
    let mut folders: Vec<&str> = document.split('/').collect();
    folders.pop();
    for part in target.split('/') {
        match part {
            ".." => drop(folders.pop()),
            "." | "" => {}
            name => folders.push(name),
        }
    }
    folders.join("/")
}

#[test]
fn a_target_is_relative_to_its_document() {
    assert_eq!(beside("docs/decisions/README.md", "../operations.md"), "docs/operations.md");
    let text = "[a](b.md#c) ![d](e.png) [f](https://g) [h](#i)";
    assert_eq!(links(text).map(|(_, target)| target).collect::<Vec<_>>(), ["b.md#c", "e.png"]);
}
