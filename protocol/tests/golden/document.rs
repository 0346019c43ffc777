//! `docs/protocol.md` against the code: it shows each golden sample word for word, and names every type, refusal and
//! limit with the value that it has.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::Duration;

use hubbub_protocol::codec::{decode_client, decode_server, encode_client, encode_server};
use hubbub_protocol::{ClientFrame, ServerFrame, limits};

use crate::coverage::{client_names, operation_names, query_names, server_names, what_names};
use crate::samples::{names, refusal_samples};
use crate::variants::name_of;
use crate::wire::golden;

/// The headings of the sections that the tests check.
const CLIENT_PART: &str = "## Client frames";
const OPERATIONS_PART: &str = "## Operations";
const QUERIES_PART: &str = "## Queries";
const SERVER_PART: &str = "## Server frames";
const CHANGES_PART: &str = "## Changes";
const REFUSALS_PART: &str = "## Refusals";
const LIMITS_PART: &str = "## Limits";
/// The beginning of a client's or server's line in the example sessions.
const CLIENT_LINE: &str = "> ";
const SERVER_LINE: &str = "< ";

#[test]
fn the_document_shows_every_golden_sample_word_for_word_and_no_other_json() {
    let document = document();
    let shown = blocks(&document, "json");
    let samples: Vec<(String, String)> = names().map(|name| (golden(&name).trim().to_owned(), name)).collect();
    for (sample, name) in &samples {
        let n_times = shown.iter().filter(|block| *block == sample).count();
        assert_eq!(n_times, 1, "docs/protocol.md shows tests/golden/{name}.json {n_times} times, not once");
    }
    for block in &shown {
        let is_golden = samples.iter().any(|(sample, _)| sample == block);
        assert!(is_golden, "docs/protocol.md shows what is no golden sample:\n{block}");
    }
}

#[test]
fn the_document_has_a_heading_for_every_frame_operation_query_and_change_and_none_for_another() {
    let document = document();
    assert_eq!(headings(part(&document, CLIENT_PART)), client_names());
    assert_eq!(headings(part(&document, OPERATIONS_PART)), operation_names());
    assert_eq!(headings(part(&document, QUERIES_PART)), query_names());
    assert_eq!(headings(part(&document, SERVER_PART)), server_names());
    assert_eq!(headings(part(&document, CHANGES_PART)), what_names());
}

#[test]
fn the_document_explains_every_refusal_with_the_sentence_that_people_read() {
    let document = document();
    let rows = rows(part(&document, REFUSALS_PART));
    for refusal in refusal_samples() {
        let code = name_of(&refusal);
        let sentence = rows.get(code.as_str()).unwrap_or_else(|| panic!("docs/protocol.md has no row for `{code}`"));
        assert_eq!(*sentence, refusal.to_string(), "docs/protocol.md, row `{code}`");
    }
    assert_eq!(rows.len(), refusal_samples().len(), "docs/protocol.md explains a refusal that there is not");
}

#[test]
fn the_document_gives_every_limit_as_it_is() {
    let document = document();
    let rows = rows(part(&document, LIMITS_PART));
    let expected = limit_values();
    assert_eq!(limits_in_the_code(), expected.keys().map(|name| (*name).to_owned()).collect(), "limits to be listed");
    let given: BTreeMap<&str, String> = rows.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    assert_eq!(given, expected, "docs/protocol.md, table of limits");
}

#[test]
fn the_example_sessions_consist_of_valid_frames() {
    let document = document();
    let lines: Vec<&str> = blocks(&document, "text").into_iter().flat_map(str::lines).collect();
    let mut n_frames = 0;
    for line in lines {
        if let Some(text) = line.strip_prefix(CLIENT_LINE).filter(|text| text.starts_with(['{', '"'])) {
            let frame = decode_client(text).unwrap_or_else(|error| panic!("{error}: {line}"));
            assert_ne!(frame, ClientFrame::Unknown, "{line}");
            assert_eq!(encode_client(&frame), text);
            n_frames += 1;
        }
        if let Some(text) = line.strip_prefix(SERVER_LINE).filter(|text| text.starts_with(['{', '"'])) {
            let frame = decode_server(text).unwrap_or_else(|error| panic!("{error}: {line}"));
            assert_ne!(frame, ServerFrame::Unknown, "{line}");
            assert_eq!(encode_server(&frame), text);
            n_frames += 1;
        }
    }
    assert!(n_frames >= 24, "the examples show four sessions, and these are only {n_frames} frames");
}

fn limit_values() -> BTreeMap<&'static str, String> {
    let seconds = |duration: Duration| format!("{} s", duration.as_secs());
    let count = |n: usize, unit: &str| format!("{} {unit}", grouped(n));
    BTreeMap::from([
        ("MAX_BODY_CHARS", count(limits::MAX_BODY_CHARS, "characters")),
        ("MAX_DISPLAY_NAME_CHARS", count(limits::MAX_DISPLAY_NAME_CHARS, "characters")),
        ("MAX_ROOM_NAME_CHARS", count(limits::MAX_ROOM_NAME_CHARS, "characters")),
        ("MAX_TOPIC_CHARS", count(limits::MAX_TOPIC_CHARS, "characters")),
        ("MAX_FRAME_BYTES", count(limits::MAX_FRAME_BYTES, "bytes")),
        ("MAX_JSON_DEPTH", count(limits::MAX_JSON_DEPTH, "levels")),
        ("PAGE_MESSAGES", count(limits::PAGE_MESSAGES, "messages")),
        ("MAX_RESUME_ROWS", count(limits::MAX_RESUME_ROWS, "rows")),
        ("MAX_REACTIONS", count(limits::MAX_REACTIONS, "emoji")),
        ("MAX_EMOJI_BYTES", count(limits::MAX_EMOJI_BYTES, "bytes")),
        ("MAX_REACTORS_LISTED", count(limits::MAX_REACTORS_LISTED, "members")),
        ("MAX_PINS", count(limits::MAX_PINS, "messages")),
        ("MAX_ROOMS_PER_CONNECTION", count(limits::MAX_ROOMS_PER_CONNECTION, "rooms")),
        ("MAX_PRESENT_LISTED", count(limits::MAX_PRESENT_LISTED, "members")),
        ("TYPING_EVERY", seconds(limits::TYPING_EVERY)),
        ("TYPING_SHOWN", seconds(limits::TYPING_SHOWN)),
        ("PING_AFTER", seconds(limits::PING_AFTER)),
        ("DEAD_AFTER", seconds(limits::DEAD_AFTER)),
    ])
}

/// So that a new limit is not forgotten.
fn limits_in_the_code() -> BTreeSet<String> {
    let source = read("protocol/src/limits.rs");
    let names = source.lines().filter_map(|line| line.strip_prefix("pub const ")?.split(':').next());
    names.map(str::to_owned).collect()
}

fn grouped(n: usize) -> String {
    if n < 1_000 { n.to_string() } else { format!("{},{:03}", n / 1_000, n % 1_000) }
}

fn document() -> String {
    read("docs/protocol.md")
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{} can't be read: {error}", path.display()))
}

/// From a heading to the next of its kind.
fn part<'a>(document: &'a str, heading: &str) -> &'a str {
    let start = document.find(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("no part {heading:?}"));
    let part = &document[start + 1 + heading.len()..];
    part.find("\n## ").map_or(part, |end| &part[..end])
}

fn headings(part: &str) -> Vec<&str> {
    part.lines().filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`')).collect()
}

/// The tables' rows: what stands in the first column between back ticks, and the whole of the second.
fn rows(part: &str) -> BTreeMap<&str, &str> {
    let cells = part.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    cells.filter_map(|(name, rest)| Some((name, rest.split(" |").next()?))).collect()
}

/// The texts between fences of a kind.
fn blocks<'a>(document: &'a str, kind: &str) -> Vec<&'a str> {
    let open = format!("\n```{kind}\n");
    let parts = document.split(open.as_str()).skip(1);
    parts.map(|part| part.split_once("\n```").expect("a fence that is closed").0).collect()
}
