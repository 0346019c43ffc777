//! The frames that the server sends, on every transport.

use serde::{Deserialize, Serialize};

use crate::ids::{Epoch, MessageId, RoomId, Seq, UnixMillis};
use crate::model::{Event, Member, RoomInfo};
use crate::open_enum::open_enum;
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
    /// The cursor for a room is valid. The events after it follow as `events`.
    Resumed {
        /// The room.
        room: RoomId,
        /// The last seq of the log when the server read it.
        head: Seq,
    },
    /// The newest page of a room. It replaces the events of the room that the client holds.
    Snapshot {
        /// The room.
        room: RoomId,
        /// Why the server sends a page and not only the events after the cursor.
        reason: SnapshotReason,
        /// The epoch of the events' seqs.
        epoch: Epoch,
        /// The seq of the last event, or 0 in a room without events.
        head: Seq,
        /// Events without a gap, oldest first, at most a page. There are older events if the first seq is above 1.
        events: Vec<Event>,
    },
    /// The next events of a room's log, without a gap to the events that were sent before.
    Events {
        /// The room.
        room: RoomId,
        /// At least one event, oldest first.
        events: Vec<Event>,
    },
    /// Answers `history` with a page of older events.
    History {
        /// The room.
        room: RoomId,
        /// The `before` of the request.
        before: Seq,
        /// Events without a gap, oldest first; the last one has the seq before `before`. There are older events if the first
        /// seq is above 1.
        events: Vec<Event>,
    },
    /// A message is stored on the disk.
    Ack {
        /// The room.
        room: RoomId,
        /// The message.
        id: MessageId,
        /// The seq of the message's event.
        seq: Seq,
        /// When the server received the message, by the server's clock.
        at: UnixMillis,
    },
    /// A message was not stored. With `unknown_outcome` the server doesn't know whether it was.
    Refused {
        /// The room.
        room: RoomId,
        /// The message.
        id: MessageId,
        /// Why.
        refusal: Refusal,
    },
    /// The server refuses a `join` or a `history`.
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

/// Why the server sends a `snapshot`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum SnapshotReason {
    /// The request had no cursor.
    First,
    /// The cursor is valid, but more than [`crate::limits::MAX_RESUME_EVENTS`] events came after it. The client asks for the
    /// events in between by `history`.
    Gap,
    /// The cursor is of another epoch or above the head: the client's events belong to another log.
    Reset,
    /// A reason that this build does not know. The client starts from the page.
    #[serde(other)]
    Unknown,
}

open_enum!(SnapshotReason);
