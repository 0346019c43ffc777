//! The frames that the server sends, on every transport.

use serde::{Deserialize, Serialize};

use crate::change::Change;
use crate::ids::{Epoch, OpId, RoomId, Seq, UnixMillis};
use crate::message::{Message, OwnReactions};
use crate::model::{Member, RoomInfo, RoomState, StreamId};
use crate::open_enum::open_enum;
use crate::query::{Answer, Page, Query};
use crate::refusal::Refusal;

/// A frame from the server to a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum ServerFrame {
    /// Answers `hello` with the session's member and the list of rooms.
    Welcome {
        /// The session's member.
        you: Member,
        /// Every room that the member can see, oldest first. Rooms that don't fit into the frame follow as `room_added`.
        rooms: Vec<RoomInfo>,
    },
    /// Rows that changed after the client's cursor, in their current state. `resumed` follows after the last of them.
    Rows {
        /// The room.
        room: RoomId,
        /// The cursor that the rows begin after.
        after: Seq,
        /// The `to` of the `resumed` that these rows belong to.
        to: Seq,
        /// At least one message, in the order of their last changes.
        messages: Vec<Message>,
        /// The reader's reactions to these messages. A message without any has no entry.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        mine: Vec<OwnReactions>,
    },
    /// The rows between two seqs are complete, if the client has received as many as `n_rows` says: then it has everything up
    /// to `to`, and the changes after that follow as `changes`. Otherwise some rows were lost, and the client joins again.
    Resumed {
        /// The room.
        room: RoomId,
        /// The cursor that the client gave.
        after: Seq,
        /// The client's new cursor.
        to: Seq,
        /// How many messages the `rows` with the same `after` and `to` carry together.
        n_rows: u32,
        /// The room's state, if it changed after the client's cursor.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        state: Option<RoomState>,
    },
    /// The newest page of a room. It replaces the messages of the room that the client holds.
    Page {
        /// The room.
        room: RoomId,
        /// Why the server sends a page and not only the rows after the cursor.
        reason: PageReason,
        /// The epoch of the page's seqs.
        epoch: Epoch,
        /// The room's state.
        state: RoomState,
        /// The newest messages. `as_of` is the client's new cursor.
        page: Page,
    },
    /// The next changes of a room's stream, without a gap to what was sent before.
    Changes {
        /// The room.
        room: RoomId,
        /// At least one change, oldest first.
        changes: Vec<Change>,
    },
    /// Answers a `query`.
    Answer {
        /// The room.
        room: RoomId,
        /// The question.
        query: Query,
        /// The answer.
        answer: Answer,
    },
    /// An operation is stored on the disk.
    Ack {
        /// The stream.
        on: StreamId,
        /// The operation.
        op: OpId,
        /// The seq of the change that it made; the head of the stream if it changed nothing.
        seq: Seq,
        /// When the server received the operation, by the server's clock.
        at: UnixMillis,
    },
    /// An operation was not carried out. With `unknown_outcome` the server doesn't know whether it was.
    Refused {
        /// The stream.
        on: StreamId,
        /// The operation.
        op: OpId,
        /// Why.
        refusal: Refusal,
    },
    /// The server refuses a `join`.
    Denied {
        /// The room.
        room: RoomId,
        /// Why.
        refusal: Refusal,
    },
    /// A frame was not understood or came at the wrong time. The connection stays open.
    Error {
        /// Why.
        refusal: Refusal,
    },
    /// The members who are in a room now. A hint: the newest one replaces the older ones.
    Present {
        /// The room.
        room: RoomId,
        /// The number of members in the room.
        count: u32,
        /// The members in the room. Empty when there are more than [`crate::limits::MAX_PRESENT_LISTED`] or more than fit
        /// into the frame.
        members: Vec<Member>,
    },
    /// A member is typing. A hint, shown for [`crate::limits::TYPING_SHOWN`].
    Typing {
        /// The room.
        room: RoomId,
        /// The member.
        by: Member,
    },
    /// A room was created, or it didn't fit into the `welcome` before this frame.
    RoomAdded {
        /// The room.
        room: RoomInfo,
    },
    /// Announces that the server closes the connection.
    Bye {
        /// When to reconnect. Each connection gets its own time, so that not all reconnect at once.
        reconnect_after_ms: u64,
        /// Why, unless the server just restarts.
        #[serde(skip_serializing_if = "Option::is_none")]
        refusal: Option<Refusal>,
    },
    /// Answers `ping`.
    Pong,
    /// A frame that this build does not know. The client skips it.
    #[serde(other)]
    Unknown,
}

open_enum!(ServerFrame);

/// Why the server sends a `page`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum PageReason {
    /// The request had no cursor.
    First,
    /// The cursor is valid, but more than [`crate::limits::MAX_RESUME_ROWS`] rows changed after it.
    Gap,
    /// The cursor is of another epoch or above the head: what the client holds belongs to another life of the store.
    Reset,
    /// A reason that this build does not know. The client starts from the page.
    #[serde(other)]
    Unknown,
}

open_enum!(PageReason);
