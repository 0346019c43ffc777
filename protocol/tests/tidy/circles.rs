//! Rule: the imports between the files of a crate form no circle.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::modules::{Edge, Modules};
use crate::sources::{CRATES, files, none};

const REMEDY: &str =
    "Move what they share into a file that names none of them, or pass a value of one to the other as an argument.";

#[test]
fn no_files_of_a_crate_import_each_other() {
    let mut faults = Vec::new();
    for name in CRATES {
        for modules in crates_of(name) {
            let edges = modules.edges();
            faults.extend(circles(&edges).iter().map(|circle| told(circle, &edges)));
        }
    }
    none(&faults);
}

/// Returns the crates of a package, one for each root file: the library, and each program.
pub(crate) fn crates_of(package: &str) -> Vec<Modules> {
    let sources = files(&format!("{package}/src"), &["rs"]);
    let folder = format!("{package}/src/");
    let is_root = |path: &str| {
        let inside = path.strip_prefix(&folder).unwrap_or_default();
        matches!(inside, "lib.rs" | "main.rs") || inside.strip_prefix("bin/").is_some_and(|name| !name.contains('/'))
    };
    let roots: Vec<&str> = sources.iter().map(|file| file.path.as_str()).filter(|path| is_root(path)).collect();
    assert!(!roots.is_empty(), "{package} has no lib.rs and no main.rs: the walk is broken");
    roots.into_iter().map(|root| Modules::below(root, &sources)).collect()
}

/// Returns the groups of files of which each imports every other, directly or through others.
fn circles(edges: &[Edge]) -> BTreeSet<BTreeSet<String>> {
    let from: BTreeSet<&str> = edges.iter().map(|edge| edge.from.as_str()).collect();
    let reached: BTreeMap<&str, BTreeSet<&str>> = from.iter().map(|file| (*file, reached_from(file, edges))).collect();
    let circle_of = |file: &str| -> BTreeSet<String> {
        let reaches_back = |other: &&&str| reached.get(**other).is_some_and(|reached| reached.contains(file));
        reached[file].iter().filter(reaches_back).map(ToString::to_string).collect()
    };
    from.into_iter().map(circle_of).filter(|circle| !circle.is_empty()).collect()
}

fn reached_from<'a>(file: &'a str, edges: &'a [Edge]) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![file];
    while let Some(file) = waiting.pop() {
        let next = edges.iter().filter(|edge| edge.from == file).map(|edge| edge.to.as_str());
        waiting.extend(next.filter(|to| reached.insert(*to)));
    }
    reached
}

/// Formats a circle: its files, and the imports of the shortest way round it from its first file.
fn told(circle: &BTreeSet<String>, edges: &[Edge]) -> String {
    let first = circle.first().expect("a circle has files");
    let way = shortest_way_round(first, circle, edges);
    let way: Vec<String> =
        way.iter().map(|Edge { from, line, path, to }| format!("    {from}:{line} names {path} of {to}")).collect();
    let files: Vec<&str> = circle.iter().map(String::as_str).collect();
    format!("{} files import each other: {}\n{}\n    {REMEDY}", files.len(), files.join(", "), way.join("\n"))
}

fn shortest_way_round<'a>(first: &str, circle: &BTreeSet<String>, edges: &'a [Edge]) -> Vec<&'a Edge> {
    let inside: Vec<&Edge> =
        edges.iter().filter(|edge| circle.contains(&edge.from) && circle.contains(&edge.to)).collect();
    let mut ways: VecDeque<Vec<&Edge>> = VecDeque::from([Vec::new()]);
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop_front() {
        let at = way.last().map_or(first, |edge| edge.to.as_str());
        if at == first && !way.is_empty() {
            return way;
        }
        for edge in inside.iter().filter(|edge| edge.from == at && seen.insert(edge.to.as_str())) {
            ways.push_back([&way[..], &[*edge]].concat());
        }
    }
    Vec::new()
}

#[cfg(test)]
mod samples {
    //! Small crates, with a circle and without.

    use super::{Edge, Modules, circles, told};
    use crate::sources::Source;

    /// Returns the circles of a crate. Each file is given as its path below `src/` and its text.
    fn circles_of(files: &[(&str, &str)]) -> Vec<String> {
        let edges = edges_of(files);
        circles(&edges).iter().map(|circle| told(circle, &edges)).collect()
    }

    fn edges_of(files: &[(&str, &str)]) -> Vec<Edge> {
        let source = |(path, text): &(&str, &str)| Source { path: format!("x/src/{path}"), text: (*text).to_owned() };
        let sources: Vec<Source> = files.iter().map(source).collect();
        Modules::below("x/src/lib.rs", &sources).edges()
    }

    #[track_caller]
    fn finds_one_of(files: &[(&str, &str)], expected: &str) {
        let found = circles_of(files);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(found[0].starts_with(expected), "{}", found[0]);
    }

    #[test]
    fn a_circle_of_two_is_found_and_told_with_its_lines() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "\nuse crate::b::B;\npub struct A(B);"),
            ("b.rs", "pub struct B;\n\nimpl B { fn a(&self) -> Option<super::a::A> { None } }"),
        ];
        let expected = "2 files import each other: x/src/a.rs, x/src/b.rs\n    \
                        x/src/a.rs:2 names crate::b::B of x/src/b.rs\n    x/src/b.rs:3 names super::a::A of x/src/a.rs\n";
        finds_one_of(&files, expected);
    }

    #[test]
    fn a_circle_through_re_exports_is_of_the_files_that_define_the_items() {
        let files = [
            ("lib.rs", "mod room; mod hub;"),
            (
                "hub/mod.rs",
                "//! A map.\nmod feed;\nmod bell;\npub use feed::Feed;\npub(crate) use self::bell::Bell as Ring;",
            ),
            ("hub/feed.rs", "use crate::room::Room;\npub struct Feed(Room);"),
            ("hub/bell.rs", "pub struct Bell;"),
            ("room.rs", "use crate::hub::{Ring, self};\npub struct Room(Ring, Box<hub::Feed>);"),
        ];
        finds_one_of(&files, "2 files import each other: x/src/hub/feed.rs, x/src/room.rs\n");
    }

    #[test]
    fn a_circle_of_three_is_found_in_calls_and_in_macros() {
        let files = [
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "pub fn a() { use super::b; b::b(); }"),
            ("b.rs", "pub fn b() { view! { <p>{crate::c::c()}</p> } }"),
            ("c.rs", "use super::a as first;\npub fn c() { first::a() }"),
        ];
        finds_one_of(&files, "3 files import each other: x/src/a.rs, x/src/b.rs, x/src/c.rs\n");
    }

    #[test]
    fn a_map_that_defines_something_is_a_file_like_any_other() {
        let files = [
            ("lib.rs", "mod store;"),
            ("store/mod.rs", "mod sqlite;\npub use sqlite::Sqlite;\npub trait Store {}"),
            ("store/sqlite.rs", "use super::Store;\npub struct Sqlite;\nimpl Store for Sqlite {}"),
        ];
        finds_one_of(&files, "2 files import each other: x/src/store/mod.rs, x/src/store/sqlite.rs\n");
    }

    #[test]
    fn tests_docs_and_other_crates_make_no_circle() {
        let files = [
            ("lib.rs", "mod a; mod b; pub use a::A; pub use b::B;"),
            (
                "a.rs",
                "/// See [`crate::B`].\npub struct A;\n#[cfg(test)]\nmod tests { use crate::b::B; fn t(b: B) {} }",
            ),
            (
                "b.rs",
                "use crate::A;\nuse b::B as C;\n#[cfg(test)]\nmod tests;\npub(in crate::b) struct B(A, C, std::fmt::Error);",
            ),
        ];
        assert_eq!(circles_of(&files), [""; 0]);
        let to: Vec<String> = edges_of(&files).into_iter().map(|edge| edge.to).collect();
        assert_eq!(to, ["x/src/a.rs"]);
    }

    #[test]
    fn a_folder_of_a_file_and_a_module_within_a_file_are_followed() {
        let files = [
            ("lib.rs", "mod live;"),
            ("live.rs", "mod socket; mod ladder { pub fn climb() { crate::live::socket::open() } }\npub struct Live;"),
            ("live/socket.rs", "pub fn open() { super::ladder::climb() }"),
        ];
        finds_one_of(&files, "2 files import each other: x/src/live.rs, x/src/live/socket.rs\n");
    }
}
