//! The seeds of the fuzz targets that take bytes (`fuzz/seeds`), as ordinary tests, as in `protocol/tests/seeds.rs`.

#[path = "../../fuzz/src/form.rs"]
mod form;
#[path = "../../fuzz/src/socket.rs"]
mod socket;

use std::fs;
use std::path::Path;

#[test]
fn every_seed_of_a_form_holds() {
    for_each_seed("form", form::check);
}

#[test]
fn every_seed_of_a_socket_holds() {
    for_each_seed("socket", socket::check);
}

fn for_each_seed(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds").join(target);
    let seeds: Vec<_> =
        fs::read_dir(&folder).expect("the target has seeds").map(|seed| seed.expect("an entry")).collect();
    assert!(!seeds.is_empty(), "{} is empty", folder.display());
    for seed in seeds {
        eprintln!("{}", seed.path().display());
        check(&fs::read(seed.path()).expect("a seed is readable"));
    }
}
