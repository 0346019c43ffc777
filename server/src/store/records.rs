//! The values that a store takes and returns. The row types of a store are private to that store.

use hubbub_protocol::text::{Body, DisplayName, RoomName, Topic};
use hubbub_protocol::{
    Change, Member, MemberId, Message, MessageId, OpId, OwnReactions, Page, Refusal, RoomId, RoomState, Seq,
    UnixMillis, What,
};

/// An operation that a member may carry out, with valid content. The store decides by [`Decide`] what it changes.
#[derive(Clone, Debug)]
pub struct Submitted {
    /// The room.
    pub room: RoomId,
    /// The id of the operation, created by the member's client.
    pub op: OpId,
    /// The member.
    pub by: MemberId,
    /// When the server received it, by the server's clock.
    pub at: UnixMillis,
    /// What to do.
    pub intent: Intent,
}

/// What a member wants to do: a [`hubbub_protocol::Operation`] whose content has been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Post a message, perhaps as an answer to another one.
    Post {
        /// The text.
        body: Body,
        /// The message that it answers.
        reply_to: Option<MessageId>,
    },
    /// Give a message another text.
    Edit {
        /// The message.
        message: MessageId,
        /// The text.
        body: Body,
    },
    /// Delete a message.
    Delete {
        /// The message.
        message: MessageId,
    },
    /// Add a reaction, or take it back.
    React {
        /// The message.
        message: MessageId,
        /// One emoji.
        emoji: &'static str,
        /// The emoji's short name.
        name: &'static str,
        /// Whether the member has the reaction afterwards.
        on: bool,
    },
    /// Pin a message, or unpin it.
    Pin {
        /// The message.
        message: MessageId,
        /// Whether the message is pinned afterwards.
        on: bool,
    },
    /// Give the room another name and topic.
    Describe {
        /// The name.
        name: RoomName,
        /// The topic.
        topic: Topic,
    },
}

impl Intent {
    /// Returns the message that is changed or answered.
    #[must_use]
    pub const fn target(&self) -> Option<MessageId> {
        match self {
            Self::Post { reply_to, .. } => *reply_to,
            Self::Edit { message, .. }
            | Self::Delete { message }
            | Self::React { message, .. }
            | Self::Pin { message, .. } => Some(*message),
            Self::Describe { .. } => None,
        }
    }

    /// Returns the name that a room is to have.
    #[must_use]
    pub fn room_name(&self) -> Option<&str> {
        match self {
            Self::Describe { name, .. } => Some(name.as_str()),
            Self::Post { .. } | Self::Edit { .. } | Self::Delete { .. } | Self::React { .. } | Self::Pin { .. } => None,
        }
    }
}

/// What [`Decide`] knows about the rows that an operation touches, as they are under the stream's lock.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The state of the room.
    pub room: &'a RoomState,
    /// The message that the operation names, if the room has it.
    pub target: Option<&'a Message>,
    /// Whether the member has the reaction that the operation names.
    pub has_reaction: bool,
    /// Whether another room has the name that the operation gives, compared without regard to case.
    pub is_name_taken: bool,
}

/// Decides what an operation changes: None if everything is already as it asks for. A pure function, so that every store
/// applies the same rules.
pub type Decide = fn(&Submitted, &Situation<'_>) -> Result<Option<What>, Refusal>;

/// The effect of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Committed {
    /// This batch stored this change.
    Now(Change),
    /// Nothing had to change. The operation is remembered.
    Unchanged {
        /// The head of the stream.
        seq: Seq,
        /// When the server received the operation.
        at: UnixMillis,
    },
    /// An earlier batch carried out the same operation. Nothing was changed.
    Before {
        /// The seq of the first ack.
        seq: Seq,
        /// The time of the first ack.
        at: UnixMillis,
    },
}

/// The page of a room that is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageQuery {
    /// The newest messages.
    Newest,
    /// The messages right before the message with this seq.
    Before(Seq),
    /// The messages right after the message with this seq.
    After(Seq),
    /// The messages around this one. No messages if the room doesn't have it.
    Around(MessageId),
    /// These messages, by seq. Those that the room doesn't have are left out.
    Messages(Vec<MessageId>),
    /// A message, and its answers after a seq.
    Replies {
        /// The message that is answered.
        to: MessageId,
        /// The seq of the last answer that the reader has, or 0.
        after: Seq,
    },
}

/// A page and the state of its room, read at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomPage {
    /// The state of the room.
    pub state: RoomState,
    /// The messages.
    pub page: Page,
}

/// The rows of a room that changed after a seq, read at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedRows {
    /// The head of the room's stream.
    pub head: Seq,
    /// The state of the room, if it changed.
    pub state: Option<RoomState>,
    /// The messages that changed, in their current state, in the order of their last changes. None if they are too many.
    pub messages: Option<Vec<Message>>,
    /// The reader's reactions to these messages.
    pub mine: Vec<OwnReactions>,
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
