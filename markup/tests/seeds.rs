//! The seeds of the fuzz target (`fuzz/seeds/markup`), as an ordinary test: the target starts from them, and an input that
//! it has once failed for becomes one of them.

#[path = "../../fuzz/src/markup.rs"]
mod markup;

use std::fs;
use std::path::Path;

#[test]
fn every_seed_of_markup_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds/markup");
    let seeds: Vec<_> =
        fs::read_dir(&folder).expect("the target has seeds").map(|seed| seed.expect("an entry")).collect();
    assert!(!seeds.is_empty(), "{} is empty", folder.display());
    for seed in seeds {
        let bytes = fs::read(seed.path()).expect("a seed is readable");
        eprintln!("{}", seed.path().display());
        // A target that takes text skips inputs that are not UTF-8, as libFuzzer's macro does.
        if let Ok(text) = std::str::from_utf8(&bytes) {
            markup::check(text);
        }
    }
}
