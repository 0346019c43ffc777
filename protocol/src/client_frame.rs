//! The frames that a client sends, on every transport.

use serde::{Deserialize, Serialize};

use crate::ids::{OpId, RoomId};
use crate::model::{Cursor, StreamId};
use crate::open_enum::open_enum;
use crate::operation::Operation;
use crate::query::Query;

/// A frame from a client to the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum ClientFrame {
    /// Opens the conversation and follows rooms. It is the first frame of a connection and is sent once.
    Hello {
        /// At most [`crate::limits::MAX_ROOMS_PER_CONNECTION`].
        rooms: Vec<Interest>,
    },
    /// Follows one more room.
    Join(Interest),
    /// Stops following a room.
    Leave {
        /// The room.
        room: RoomId,
    },
    /// Does something in a stream. The server answers the same id with the same content by the first ack again.
    Operation {
        /// The stream.
        on: StreamId,
        /// The operation's id, minted by the client.
        op: OpId,
        /// What to do.
        what: Operation,
    },
    /// Asks about a room. The answer is `answer`.
    Query {
        /// The room.
        room: RoomId,
        /// The question.
        query: Query,
    },
    /// Says that the member is typing in the room. Sent at most every [`crate::limits::TYPING_EVERY`].
    Typing {
        /// The room.
        room: RoomId,
    },
    /// Asks whether the server is alive. The answer is `pong`.
    Ping,
    /// A frame that this build does not know. The server refuses it as `unknown_type`.
    #[serde(other)]
    Unknown,
}

open_enum!(ClientFrame);

/// A room to follow, and the place in its stream to start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interest {
    /// The room.
    pub room: RoomId,
    /// The last change that the client has applied. None asks for the newest page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Cursor>,
}
