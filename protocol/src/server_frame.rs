//! What the server may say to a client, on any transport.

use serde::{Deserialize, Serialize};

use crate::ids::{Epoch, MessageId, RoomId, Seq, UnixMillis};
use crate::model::{Event, Member, RoomInfo};
use crate::open_enum::open_enum;
use crate::refusal::Refusal;

/// One thing the server says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The answer to `hello`: who the session belongs to, and the rooms there are.
    Welcome {
        /// The session's member.
        you: Member,
        /// Every room the member can see, oldest first. Those that don't fit into the frame follow as `room_added`.
        rooms: Vec<RoomInfo>,
    },
    /// The cursor given for a room holds; what came after it follows as `events`.
    Resumed {
        /// The room.
        room: RoomId,
        /// The last seq there was when the server looked.
        head: Seq,
    },
    /// The newest page of a room, to start from. Whatever the client held of the room's past it replaces.
    Snapshot {
        /// The room.
        room: RoomId,
        /// Why a page and not just what came after the cursor.
        reason: SnapshotReason,
        /// The life of the store that the events' seqs belong to.
        epoch: Epoch,
        /// The last seq there is: that of the last event, or 0 in a room without events.
        head: Seq,
        /// Contiguous, oldest first, at most a page. There are older ones if the first seq is above 1.
        events: Vec<Event>,
    },
    /// What comes next in a room's log: contiguous, and right after what was sent before.
    Events {
        /// The room.
        room: RoomId,
        /// Oldest first; never empty.
        events: Vec<Event>,
    },
    /// A page of the past, as asked for by `history`.
    History {
        /// The room.
        room: RoomId,
        /// The seq that was asked for.
        before: Seq,
        /// Contiguous, oldest first, ending right before `before`. There are older ones if the first seq is above 1.
        events: Vec<Event>,
    },
    /// A message is on the disk.
    Ack {
        /// The room.
        room: RoomId,
        /// The message.
        id: MessageId,
        /// Its place in the room's log.
        seq: Seq,
        /// When the server took it in, by its clock.
        at: UnixMillis,
    },
    /// A message was not stored, or may not have been (`unknown_outcome`).
    Refused {
        /// The room.
        room: RoomId,
        /// The message.
        id: MessageId,
        /// Why.
        refusal: Refusal,
    },
    /// A room can't be followed or read.
    Denied {
        /// The room.
        room: RoomId,
        /// Why.
        refusal: Refusal,
    },
    /// A frame could not be understood or was out of place. The connection goes on.
    Error {
        /// Why.
        refusal: Refusal,
    },
    /// Who is in a room now. A hint: the newest one counts.
    Present {
        /// The room.
        room: RoomId,
        /// How many there are.
        count: u32,
        /// Who they are, by name; empty when there are more than [`crate::limits::MAX_PRESENT_LISTED`], or than fit into
        /// the frame.
        members: Vec<Member>,
    },
    /// Someone is typing. A hint, shown for [`crate::limits::TYPING_SHOWN`].
    Typing {
        /// The room.
        room: RoomId,
        /// Who.
        by: Member,
    },
    /// A room was created, which is a hint; or it is one that didn't fit into the `welcome` before.
    RoomAdded {
        /// The room.
        room: RoomInfo,
    },
    /// The server is about to close the connection.
    Bye {
        /// When to come back; each connection is told its own time, so that not all come at once.
        reconnect_after_ms: u64,
        /// Why, when it isn't just a restart.
        #[serde(skip_serializing_if = "Option::is_none")]
        refusal: Option<Refusal>,
    },
    /// The answer to `ping`.
    Pong,
    /// A type that this build does not know. It is skipped.
    #[serde(other)]
    Unknown,
}

open_enum!(ServerFrame);

/// Why a `snapshot` was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum SnapshotReason {
    /// There was no cursor.
    First,
    /// The cursor holds, but more than [`crate::limits::MAX_RESUME_EVENTS`] events came after it: those in between are asked for by `history`.
    Gap,
    /// The cursor is of another epoch or past the head: what the client holds is not of this log.
    Reset,
    /// One that a newer server knows: whatever it is, the page is where to start from.
    #[serde(other)]
    Unknown,
}

open_enum!(SnapshotReason);
