//! What goes into a store and comes out of it. Rows have shapes of their own, private to each store.

use hubbub_protocol::text::{Body, DisplayName, RoomName, Topic};
use hubbub_protocol::{Event, Member, MemberId, MessageId, RoomId, Seq, UnixMillis};

/// A message on its way into the log.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The room it is for.
    pub room: RoomId,
    /// Its author.
    pub by: MemberId,
    /// Its name, minted by the author.
    pub id: MessageId,
    /// Its text.
    pub body: Body,
    /// The server's clock when it came.
    pub at: UnixMillis,
}

/// Where a draft is in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It was stored by this batch.
    Now(Event),
    /// It had been stored before; nothing was done.
    Before {
        /// Its place.
        seq: Seq,
        /// When it came, by the server's clock.
        at: UnixMillis,
    },
}

/// A room to create.
#[derive(Clone, Debug)]
pub struct NewRoom {
    /// Its name, from which its slug is made.
    pub name: RoomName,
    /// What it is about.
    pub topic: Topic,
    /// Who creates it.
    pub by: MemberId,
    /// When.
    pub at: UnixMillis,
}

/// A session to start.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The name that its member asks for.
    pub name: DisplayName,
    /// The hash of its token; the token itself is never stored.
    pub token: TokenHash,
    /// When.
    pub at: UnixMillis,
    /// When it ends if it isn't used.
    pub expires_at: UnixMillis,
}

/// A live session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose it is.
    pub member: Member,
    /// When it ends if it isn't used.
    pub expires_at: UnixMillis,
}

/// SHA-256 of a session's token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);
