//! Tools of all stories: servers, their clients, and what the clients send and receive.
//!
//! - [`server`]: a server in the process of the test; [`binary`]: the installed program
//! - [`site`]: the address of a server; [`person`]: a client with a session
//! - [`socket`]: a client's WebSocket; [`http`] and [`http2`]: requests and responses
//! - [`tcp`]: opens connections, with buffers of a known size
//! - [`http_connection`]: a connection of HTTP/1.1 for several requests
//! - [`tab`]: a client that polls; [`streamed_page`]: a page that is read while the server writes it
//! - [`disk`]: a data folder on a disk that fills up or loses power
//! - [`history`]: checks what was sent against what was acked and stored

pub(crate) mod binary;
pub(crate) mod disk;
pub(crate) mod history;
pub(crate) mod http;
pub(crate) mod http2;
pub(crate) mod http_connection;
pub(crate) mod person;
pub(crate) mod server;
pub(crate) mod site;
pub(crate) mod socket;
pub(crate) mod streamed_page;
pub(crate) mod tab;
pub(crate) mod tcp;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hubbub_protocol::limits::MAX_FRAME_BYTES;
use hubbub_protocol::{Event, MessageId, RoomId, ServerFrame, UnixMillis, What, codec};

/// The room that each store begins with.
pub(crate) const LOBBY: RoomId = RoomId(1);
/// How long a test waits for what must happen. It is long, because the machine may be busy, and passes only if a test
/// fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Returns an id that no other message of this process has.
pub(crate) fn fresh_id() -> MessageId {
    static NEXT: AtomicU64 = AtomicU64::new(1_760_000_000_000);
    MessageId::mint(UnixMillis(NEXT.fetch_add(1, Ordering::Relaxed)), [0; 10])
}

/// Moves the clock of this test and its server on, in one step. Before it, the test must have observed that the server
/// has done what the time counts from.
///
/// The clock is paused for that step only, during which the runtime isn't idle, so that tokio doesn't move the clock any
/// further. Whatever waits for a socket or for the database waits by a clock that runs.
#[expect(clippy::disallowed_methods, reason = "the clock runs again before anything waits")]
pub(crate) async fn advance_clock(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

/// Decodes a frame of the server.
pub(crate) fn frame_of(text: &str) -> ServerFrame {
    assert!(text.len() <= MAX_FRAME_BYTES, "a frame of {} bytes: {text:.80}", text.len());
    codec::decode_server(text).expect("a frame")
}

pub(crate) fn seqs(events: &[Event]) -> Vec<u64> {
    events.iter().map(|event| event.seq.0).collect()
}

pub(crate) fn ids(events: &[Event]) -> Vec<MessageId> {
    events.iter().filter_map(|event| if let What::Posted { id, .. } = &event.what { Some(*id) } else { None }).collect()
}

pub(crate) fn bodies(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| if let What::Posted { body, .. } = &event.what { body.as_str() } else { "" }).collect()
}
