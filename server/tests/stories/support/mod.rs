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
use hubbub_protocol::{
    Change, ClientFrame, Message, MessageId, OpId, Operation, RoomId, Seq, ServerFrame, StreamId, UnixMillis, What,
    codec,
};

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

/// Returns the frame of an operation.
pub(crate) fn operation(room: RoomId, op: impl Into<OpId>, what: Operation) -> ClientFrame {
    ClientFrame::Operation { on: StreamId::Room(room), op: op.into(), what }
}

/// The `resumed` of the lobby, without a new state of the room.
pub(crate) fn resumed(after: u64, to: u64, n_rows: u32) -> ServerFrame {
    ServerFrame::Resumed { room: LOBBY, after: Seq(after), to: Seq(to), n_rows, state: None }
}

/// Returns the frame of a post that answers no message.
pub(crate) fn post(room: RoomId, id: MessageId, body: &str) -> ClientFrame {
    operation(room, id, Operation::Post { body: body.to_owned(), reply_to: None })
}

/// A message, or the change that posted it.
pub(crate) trait Posted {
    fn seq(&self) -> Seq;
    fn id(&self) -> MessageId;
    /// The text; empty for a change that is no post.
    fn body(&self) -> &str;
}

impl Posted for Message {
    fn seq(&self) -> Seq {
        self.seq
    }

    fn id(&self) -> MessageId {
        self.id
    }

    fn body(&self) -> &str {
        &self.body
    }
}

impl Posted for Change {
    fn seq(&self) -> Seq {
        self.seq
    }

    fn id(&self) -> MessageId {
        self.message().expect("a change of a known kind names its message")
    }

    fn body(&self) -> &str {
        if let What::Posted { body, .. } = &self.what { body } else { "" }
    }
}

pub(crate) fn seqs(posted: &[impl Posted]) -> Vec<u64> {
    posted.iter().map(|posted| posted.seq().0).collect()
}

pub(crate) fn ids(posted: &[impl Posted]) -> Vec<MessageId> {
    posted.iter().map(Posted::id).collect()
}

pub(crate) fn bodies(posted: &[impl Posted]) -> Vec<&str> {
    posted.iter().map(Posted::body).collect()
}
