//! Members, rooms, streams and cursors as they travel. The store's rows and the app's views have types of their own.

use serde::{Deserialize, Serialize};

use crate::ids::{Epoch, MemberId, MessageId, RoomId, Seq, Slug, UnixMillis};
use crate::open_enum::open_enum;

/// A member of the chat.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Member {
    /// The member's number. Two members are the same person only if their numbers are equal.
    pub id: MemberId,
    /// The display name.
    pub name: String,
}

/// A room of the list of rooms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomInfo {
    /// The room's number, which frames use.
    pub id: RoomId,
    /// The room's name in a URL.
    pub slug: Slug,
    /// The room's name.
    pub name: String,
    /// What the room is about. May be empty.
    pub topic: String,
}

/// A stream: a counter and the rows that it stamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum StreamId {
    /// The stream of a room: its messages, its name and topic, its pins.
    Room(RoomId),
    /// A kind of stream that this build does not know.
    #[serde(other)]
    Unknown,
}

open_enum!(StreamId);

/// The place up to which a client has applied a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The epoch of `seq`.
    pub epoch: Epoch,
    /// The last seq that was applied, or 0.
    pub seq: Seq,
}

/// The state of a room apart from its messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomState {
    /// The seq of the last change to this state, or 0.
    pub rev: Seq,
    /// The room's name.
    pub name: String,
    /// What the room is about. May be empty.
    pub topic: String,
    /// The member who made the room. None for the lobby, which comes with the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<Member>,
    /// When the room was made, by the server's clock.
    pub made_at: UnixMillis,
    /// The pinned messages, the last pinned one first. At most [`crate::limits::MAX_PINS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<MessageId>,
}
