//! Rule: dependencies point one way, between the crates and between the rooms of the server. A room is a top module:
//! `server/src/chat/` or `server/src/config.rs`.

use crate::paths::paths_after;
use crate::sources::{CRATES, Source, fault, files, none, read, rust_sources};

/// Which of our own crates a crate may depend on.
const CRATE_MAY_NAME: [(&str, &[&str]); 7] = [
    ("protocol", &[]),
    ("markup", &[]),
    ("client", &["protocol"]),
    ("app", &["client", "markup", "protocol"]),
    ("frontend", &["app", "client", "protocol"]),
    ("server", &["app", "client", "markup", "protocol"]),
    ("bench", &["client", "protocol"]),
];

/// For each folder of the server, the other folders that its files may name, whole or one item.
const ROOM_MAY_NAME: [(&str, &[&str]); 13] = [
    ("bus", &[]),
    ("store", &[]),
    ("chat", &["bus", "store", "network"]),
    ("hub", &["bus", "store", "chat::Membership", "network"]),
    ("transport", &["chat", "hub"]),
    // The trait of the store only to check that the store can be written.
    ("http", &["chat", "hub", "transport", "store::Store"]),
    ("config", &["http::PublicOrigin", "doctor::DoctorArgs"]),
    // Of the server only the paths of the probes and the subprotocol of the echo.
    ("doctor", &["http::probe", "transport::websocket::PROBE_SUBPROTOCOL"]),
    ("telemetry", &["config"]),
    ("limits", &[]),
    ("network", &[]),
    ("signals", &[]),
    ("report", &[]),
];

/// The files that put the server together, and may name everything.
const WIRING: [&str; 3] = ["lib", "main", "serve"];

/// The remedy where hyper is named.
const USE_AXUM: &str = "Use axum: only the listener and the doctor, which is a client, name hyper.";

/// Words that are allowed in some places only: the word, the prefixes of the paths, and the remedy.
const ONLY_IN: [(&str, &[&str], &str); 10] = [
    ("SqliteStore", &["server/src/store/", "server/src/main.rs"], "Take an `Arc<dyn Store>`; only main names a store."),
    ("LocalBus", &["server/src/bus/", "server/src/main.rs"], "Take an `Arc<dyn Bus>`; only main names a bus."),
    ("sqlx::", &["server/src/store/", "bench/src/long_history.rs"], "Call the store: rows and SQL stay in it."),
    (
        "tokio_tungstenite::",
        &["server/src/transport/websocket/", "server/src/doctor/"],
        "Leave WebSockets to the transport.",
    ),
    ("axum::", &["server/src/http/", "server/src/transport/"], "Only http and transport know HTTP."),
    ("hyper::", &["server/src/http/listener/", "server/src/doctor/"], USE_AXUM),
    ("hyper_util::", &["server/src/http/listener/", "server/src/doctor/"], USE_AXUM),
    ("leptos::", &["app/src/", "frontend/src/", "server/src/http/"], "Leave views to the app."),
    ("web_sys::", &["app/src/"], "Leave the browser to the app."),
    ("serde_json::", &["protocol/src/codec/", "bench/src/"], "Call the codec: only the codec names the format."),
];

/// Names that the engine may not use: its caller passes time, randomness and bytes.
const NOT_IN_THE_ENGINE: [&str; 6] = ["Instant", "SystemTime", "std::thread", "std::net", "tokio", "js_sys"];

#[test]
fn a_crate_depends_only_on_those_before_it() {
    let mut faults = Vec::new();
    for (name, may_name) in CRATE_MAY_NAME {
        let manifest = read(&format!("{name}/Cargo.toml")).expect("every crate has a manifest");
        for (line, dependency) in own_dependencies(&manifest) {
            if !may_name.contains(&dependency.as_str()) {
                let rule = format!("{name} depends on {dependency}");
                let remedy = format!("It may depend on {may_name:?}: move the code that it needs into these.");
                faults.push(fault(&manifest.path, line, &rule, &remedy));
            }
        }
    }
    assert_eq!(CRATE_MAY_NAME.map(|(name, _)| name), CRATES);
    none(&faults);
}

#[test]
fn the_parser_of_markup_has_no_dependencies() {
    let manifest = read("markup/Cargo.toml").expect("every crate has a manifest");
    let is_table = |line: &str| line.starts_with("[dependencies") || line.starts_with("[target.");
    let tables = manifest.text.lines().enumerate().filter(|(_, line)| is_table(line));
    let remedy = "Its bytes are loaded with every room: write what it needs, or do that elsewhere.";
    none(&tables.map(|(i, _)| fault(&manifest.path, i + 1, "markup has dependencies", remedy)).collect::<Vec<_>>());
}

#[test]
fn a_room_of_the_server_names_only_those_it_may() {
    let mut faults = Vec::new();
    for file in files("server/src", &["rs"]) {
        let room = room_of(&file);
        if WIRING.contains(&room.as_str()) {
            continue;
        }
        let Some((_, may_name)) = ROOM_MAY_NAME.iter().find(|(name, _)| *name == room) else {
            let remedy = "Add it to ROOM_MAY_NAME in this test, with the rooms that it may name.";
            faults.push(fault(&file.path, 1, &format!("the room {room} is new"), remedy));
            continue;
        };
        for (line, path) in crate_paths(&file) {
            if !begins_with(&path, &room) && !may_name.iter().any(|allowed| begins_with(&path, allowed)) {
                let rule = format!("{room} names {path}");
                let remedy = format!("{room} may name {may_name:?}: reverse the dependency, or move the code.");
                faults.push(fault(&file.path, line, &rule, &remedy));
            }
        }
    }
    none(&faults);
}

#[test]
fn what_one_place_is_for_is_named_there_only() {
    let mut faults = Vec::new();
    for file in rust_sources() {
        for (line, code) in file.code() {
            for (word, places, remedy) in ONLY_IN {
                if has_word(code, word) && !places.iter().any(|place| file.path.starts_with(place)) {
                    faults.push(fault(&file.path, line, &format!("`{word}` outside of {places:?}"), remedy));
                }
            }
            if file.path.starts_with("client/src/") {
                let named = NOT_IN_THE_ENGINE.iter().filter(|word| has_word(code, word));
                let remedy = "The engine has no clock, thread or socket: take it from the caller.";
                faults.extend(named.map(|word| fault(&file.path, line, &format!("`{word}` in the engine"), remedy)));
            }
        }
    }
    none(&faults);
}

/// Returns the dependencies of any kind on our crates, with their lines, and without the prefix `hubbub-`.
fn own_dependencies(manifest: &Source) -> Vec<(usize, String)> {
    let mut in_dependencies = false;
    let mut found = Vec::new();
    for (i, line) in manifest.text.lines().enumerate() {
        let named = match line.strip_prefix('[') {
            Some(table) => {
                in_dependencies = table.trim_end_matches(']').ends_with("dependencies");
                table.split_once("dependencies.").map(|(_, name)| name.trim_end_matches(']'))
            }
            None if in_dependencies => line.split(['.', '=', ' ']).next(),
            None => None,
        };
        found.extend(named.and_then(|name| name.strip_prefix("hubbub-")).map(|name| (i + 1, name.to_owned())));
    }
    found
}

fn room_of(file: &Source) -> String {
    let inside = file.path.strip_prefix("server/src/").expect("a file of the server");
    inside.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned()
}

/// Returns the paths that follow `crate::` in a file, with the lines on which they begin.
fn crate_paths(file: &Source) -> Vec<(usize, String)> {
    let is_comment = |line: &str| line.trim_start().starts_with("//");
    let lines: Vec<&str> = file.text.lines().map(|line| if is_comment(line) { "" } else { line }).collect();
    let code = lines.join("\n");
    let line_of = |i: usize| code[..i].matches('\n').count() + 1;
    paths_after(&code, "crate::").into_iter().map(|(i, path)| (line_of(i), path)).collect()
}

fn begins_with(path: &str, allowed: &str) -> bool {
    path.strip_prefix(allowed).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn has_word(code: &str, word: &str) -> bool {
    let is_in_a_name = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(i, _)| {
        let (before, after) = (&code[..i], &code[i + word.len()..]);
        !before.ends_with(is_in_a_name) && (word.ends_with("::") || !after.starts_with(is_in_a_name))
    })
}

#[test]
fn dependencies_are_found_however_they_are_written() {
    let text = "[package]\nname = \"hubbub-x\"\n[dependencies]\nhubbub-a.workspace = true\nserde = \"1\"\nhubbub-b = { path = \"b\" }\n\
                [dev-dependencies]\nhubbub-c = \"1\"\n[dependencies.hubbub-d]\nworkspace = true\n[lints]\nhubbub-e = 1";
    let manifest = Source { path: "x/Cargo.toml".to_owned(), text: text.to_owned() };
    let found = own_dependencies(&manifest);
    assert_eq!(found.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(), ["a", "b", "c", "d"]);
}

#[test]
fn a_use_over_several_lines_is_found_on_the_line_where_it_begins() {
    let text = "//! crate::in_a_comment\nuse crate::store::{\n    Store,\n    StoreError,\n};\nuse crate::hub;\n";
    let file = Source { path: "server/src/bus/x.rs".to_owned(), text: text.to_owned() };
    let paths = crate_paths(&file);
    let expected = [(2, "store::Store"), (2, "store::StoreError"), (6, "hub")];
    assert_eq!(paths.iter().map(|(line, path)| (*line, path.as_str())).collect::<Vec<_>>(), expected);
}
