//! The seeds of the fuzz targets (`fuzz/seeds`), as ordinary tests: the targets start from them, and an input that a target
//! has once failed for becomes one of them.

#[path = "../../fuzz/src/client_frame.rs"]
mod client_frame;
#[path = "../../fuzz/src/server_frame.rs"]
mod server_frame;
#[path = "../../fuzz/src/text.rs"]
mod text;

use std::fs;
use std::path::Path;

#[test]
fn every_seed_of_a_client_frame_holds() {
    for_each_seed("client_frame", client_frame::check);
}

#[test]
fn every_seed_of_a_server_frame_holds() {
    for_each_seed("server_frame", server_frame::check);
}

#[test]
fn every_seed_of_a_text_holds() {
    for_each_seed("text", text::check);
}

fn for_each_seed(target: &str, check: fn(&str)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds").join(target);
    let seeds: Vec<_> =
        fs::read_dir(&folder).expect("the target has seeds").map(|seed| seed.expect("an entry")).collect();
    assert!(!seeds.is_empty(), "{} is empty", folder.display());
    for seed in seeds {
        let bytes = fs::read(seed.path()).expect("a seed is readable");
        eprintln!("{}", seed.path().display());
        // A target that takes text skips inputs that are not UTF-8, as libFuzzer's macro does.
        if let Ok(text) = std::str::from_utf8(&bytes) {
            check(text);
        }
    }
}
