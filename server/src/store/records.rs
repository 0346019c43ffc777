//! The values that a store takes and returns. The row types of a store are private to that store.

use hubbub_protocol::text::{Body, DisplayName, RoomName, Topic};
use hubbub_protocol::{Event, Member, MemberId, MessageId, RoomId, Seq, UnixMillis};

/// A message that is to be appended to the log of a room.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The room.
    pub room: RoomId,
    /// The author.
    pub by: MemberId,
    /// The id of the message, created by the author's client.
    pub id: MessageId,
    /// The text.
    pub body: Body,
    /// When the server received it, by the server's clock.
    pub at: UnixMillis,
}

/// The position of a draft in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Appended {
    /// This batch stored the draft as this event.
    Now(Event),
    /// An earlier batch stored the same message. Nothing was changed.
    Before {
        /// The seq of the stored message.
        seq: Seq,
        /// When the server received the stored message, by the server's clock.
        at: UnixMillis,
    },
}

/// A room that is to be created.
#[derive(Clone, Debug)]
pub struct NewRoom {
    /// The name. The slug is derived from it.
    pub name: RoomName,
    /// The topic.
    pub topic: Topic,
    /// The member who creates the room.
    pub by: MemberId,
    /// When the room is created.
    pub at: UnixMillis,
}

/// A session that is to be started.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The name that the member asks for.
    pub name: DisplayName,
    /// The hash of the session's token. The token itself is never stored.
    pub token: TokenHash,
    /// When the session starts.
    pub at: UnixMillis,
    /// When the session expires unless it is extended.
    pub expires_at: UnixMillis,
}

/// A session that has not expired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The member of the session.
    pub member: Member,
    /// When the session expires unless it is extended.
    pub expires_at: UnixMillis,
}

/// The SHA-256 hash of a session's token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);
