//! Members, rooms, events and cursors as they travel. The store's rows and the app's views have types of their own.

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

/// The place up to which a client has applied a room's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The epoch of `seq`.
    pub epoch: Epoch,
    /// The last seq that was applied, or 0.
    pub seq: Seq,
}

/// One entry of a room's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The event's place in the room's log.
    pub seq: Seq,
    /// When the server received the event's cause, by the server's clock.
    pub at: UnixMillis,
    /// The member who caused the event.
    pub by: Member,
    /// What happened.
    pub what: What,
}

/// The kind of an event, with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum What {
    /// A message was posted.
    Posted {
        /// The message's id, minted by its author's client.
        id: MessageId,
        /// The message's text, trimmed.
        body: String,
    },
    /// A kind that this build does not know. The event counts as applied and is not shown.
    #[serde(other)]
    Unknown,
}

open_enum!(What);
