//! What must hold of any text that claims to be a server's frame. Called by the fuzz target and by `protocol/tests/seeds.rs`.

use hubbub_protocol::codec::{decode_server, encode_server};

/// A frame of the server that can be decoded is written in one form, which decodes to the same frame.
pub(crate) fn check(text: &str) {
    let Ok(frame) = decode_server(text) else { return };
    assert_eq!(decode_server(&encode_server(&frame)), Ok(frame));
}
