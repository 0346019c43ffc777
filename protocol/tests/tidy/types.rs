//! Rule: a crate has one public type of a name.

use std::collections::BTreeMap;

use crate::circles::crates_of;
use crate::sources::{CRATES, fault, none};

#[test]
fn a_crate_has_one_public_type_of_a_name() {
    let mut faults = Vec::new();
    for name in CRATES {
        for modules in crates_of(name) {
            let mut types: BTreeMap<&str, Vec<(&str, usize)>> = BTreeMap::new();
            for (file, line, name) in modules.public_types() {
                types.entry(name).or_default().push((file, line));
            }
            for (name, places) in types.iter().filter(|(_, places)| places.len() > 1) {
                let rule = format!("{} public types are named {name}: {places:?}", places.len());
                let remedy = "Rename all but one: a name means one thing in a crate.";
                faults.push(fault(places[0].0, places[0].1, &rule, remedy));
            }
        }
    }
    none(&faults);
}
