//! The golden samples: one file for each frame as it travels. `docs/protocol.md` shows every file. The tests fail when the
//! code, the files and the document differ, because other clients rely on all three.

mod coverage;
mod document;
mod samples;
mod scene;
#[path = "../support/variants.rs"]
mod variants;
mod wire;

use std::collections::BTreeSet;

use hubbub_protocol::codec::{decode, decode_client, decode_server, encode, encode_client, encode_server};

use samples::{client_samples, refusal_samples, server_samples};

#[test]
fn client_frames_are_written_as_their_golden_samples() {
    for (name, sample) in client_samples() {
        let golden = wire::golden(&name);
        assert_eq!(decode_client(&golden).as_ref(), Ok(&sample), "{name}.json reads as another frame");
        assert_eq!(encode_client(&sample), wire::compact(&golden), "{name}.json is not what is written");
    }
}

#[test]
fn server_frames_are_written_as_their_golden_samples() {
    for (name, sample) in server_samples() {
        let golden = wire::golden(&name);
        assert_eq!(decode_server(&golden).as_ref(), Ok(&sample), "{name}.json reads as another frame");
        assert_eq!(encode_server(&sample), wire::compact(&golden), "{name}.json is not what is written");
    }
}

#[test]
fn refusals_are_written_as_their_golden_sample() {
    let golden = wire::golden("refusals");
    let samples = refusal_samples();
    assert_eq!(decode(&golden).as_ref(), Ok(&samples), "refusals.json reads as other refusals");
    assert_eq!(encode(&samples), wire::compact(&golden), "refusals.json is not what is written");
}

#[test]
fn every_golden_file_belongs_to_a_sample() {
    let used: BTreeSet<String> = samples::names().map(|name| format!("{name}.json")).collect();
    assert_eq!(wire::golden_files(), used);
}
