//! Finds the paths after a prefix such as `crate::` in Rust code, one for each name in a group. Called by `directions`.

/// Returns the paths with the positions of their prefixes. For the prefix `crate::` and the text
/// `use crate::{chat::{Chat, Page as P}, hub};` these are `chat::Chat`, `chat::Page` and `hub`.
pub(crate) fn paths_after(text: &str, prefix: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (i, _) in text.match_indices(prefix) {
        let is_whole_word = !text[..i].ends_with(is_in_a_name);
        if is_whole_word {
            let mut paths = Vec::new();
            expand("", &text[i + prefix.len()..], &mut paths);
            found.extend(paths.into_iter().map(|path| (i, path)));
        }
    }
    found
}

/// Adds the paths at the beginning of `rest`, and returns the text after them.
fn expand<'a>(before: &str, rest: &'a str, paths: &mut Vec<String>) -> &'a str {
    let end = rest.find(|c| !is_in_a_name(c)).unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    let path = if before.is_empty() { name.to_owned() } else { format!("{before}::{name}") };
    if let Some(inner) = rest.strip_prefix("::") {
        return expand(&path, inner, paths);
    }
    if !name.is_empty() {
        paths.push(path);
        return rest;
    }
    let Some(mut group) = rest.strip_prefix('{') else { return rest };
    loop {
        group = expand(before, group.trim_start(), paths).trim_start();
        let next = group.find([',', '}', '{', ';']).unwrap_or(group.len());
        match group[next..].chars().next() {
            Some(',') => group = &group[next + 1..],
            Some('}') => return &group[next + 1..],
            _ => return "",
        }
    }
}

fn is_in_a_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[test]
fn groups_are_taken_apart() {
    let text = "use crate::{chat::{Chat, Page as P}, hub};\nuse crate::bus::{self, Bus,\n Notice};\ncrate::a::b(); my_crate::x";
    let paths: Vec<String> = paths_after(text, "crate::").into_iter().map(|(_, path)| path).collect();
    assert_eq!(paths, ["chat::Chat", "chat::Page", "hub", "bus::self", "bus::Bus", "bus::Notice", "a::b"]);
}
