//! What must hold of any text that claims to be a client's frame. Called by the fuzz target and by `protocol/tests/seeds.rs`.

use hubbub_protocol::codec::{decode_client, encode_client};

/// A frame of a client that can be decoded is written in one form, which decodes to the same frame.
pub(crate) fn check(text: &str) {
    let Ok(frame) = decode_client(text) else { return };
    assert_eq!(decode_client(&encode_client(&frame)), Ok(frame));
}
