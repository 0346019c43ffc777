//! What a client may say to the server, on any transport.

use serde::{Deserialize, Serialize};

use crate::ids::{MessageId, RoomId, Seq};
use crate::model::Cursor;
use crate::open_enum::open_enum;

/// One thing a client says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame of a connection, and only that: the rooms to follow from the start.
    Hello {
        /// At most [`crate::limits::MAX_ROOMS_PER_CONNECTION`].
        rooms: Vec<Interest>,
    },
    /// Follow one more room.
    Join(Interest),
    /// Follow a room no longer.
    Leave {
        /// The room.
        room: RoomId,
    },
    /// Store a message. Sending the same id with the same body again is answered with the first ack.
    Post {
        /// The room it is for.
        room: RoomId,
        /// Its name, minted by the client (UUIDv7).
        id: MessageId,
        /// Its text; the server trims it.
        body: String,
    },
    /// Ask for a page of events before a seq.
    History {
        /// The room.
        room: RoomId,
        /// The page ends right before this seq.
        before: Seq,
    },
    /// The member is typing in the room. Said at most every [`crate::limits::TYPING_EVERY`].
    Typing {
        /// The room.
        room: RoomId,
    },
    /// Is anyone there? Answered with `pong`.
    Ping,
    /// A type that this build does not know.
    #[serde(other)]
    Unknown,
}

open_enum!(ClientFrame);

/// A room to follow, and from where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interest {
    /// The room.
    pub room: RoomId,
    /// The last event applied. Without it the newest page is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Cursor>,
}
