//! What a client may ask about a room, and the answers. A query changes nothing.

use serde::{Deserialize, Serialize};

use crate::ids::{MessageId, Seq, UnixMillis};
use crate::message::{Message, OwnReactions};
use crate::model::Member;
use crate::open_enum::open_enum;
use crate::refusal::Refusal;

/// A question about a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Query {
    /// The page of messages right before the message with this seq. The answer is a page.
    Before(Seq),
    /// The page of messages right after the message with this seq. The answer is a page.
    After(Seq),
    /// The page with this message in its middle. The answer is a page.
    Around(MessageId),
    /// These messages, at most a page. Those that don't exist are left out. The answer is a page.
    Messages(Vec<MessageId>),
    /// A message and the page of its answers that come after a seq, oldest first. The answer is a page.
    Replies {
        /// The message that is answered.
        to: MessageId,
        /// The seq of the last answer that the client has, or 0.
        after: Seq,
    },
    /// Who reacted to this message. The answer is `reactions`.
    Reactions(MessageId),
    /// The earlier texts of this message, which only its author may read. The answer is `revisions`.
    Revisions(MessageId),
    /// A question that this build does not know. The server refuses it as `unknown_type`.
    #[serde(other)]
    Unknown,
}

open_enum!(Query);

/// The answer to a [`Query`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Answer {
    /// Messages in their current state.
    Page(Page),
    /// Who reacted, by emoji, in the order of the message's reactions.
    Reactions(Vec<Reactors>),
    /// The earlier texts, the oldest first.
    Revisions(Vec<Revision>),
    /// The server refuses the query.
    Refused(Refusal),
    /// An answer that this build does not know. The client skips it.
    #[serde(other)]
    Unknown,
}

open_enum!(Answer);

/// Messages of a room in their current state, read at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The head of the room's stream when the page was read.
    pub as_of: Seq,
    /// The messages, oldest first. None is missing between the first and the last, unless the query names messages.
    pub messages: Vec<Message>,
    /// The messages that `messages` answer, as far as they fit into the frame and are not in `messages`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quoted: Vec<Message>,
    /// The reader's reactions to these messages. A message without any has no entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mine: Vec<OwnReactions>,
    /// Whether there are messages before the first one.
    pub older: bool,
    /// Whether there are messages after the last one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub newer: bool,
}

/// The members who reacted with one emoji.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reactors {
    /// The emoji.
    pub emoji: String,
    /// The members, the first to react first. At most [`crate::limits::MAX_REACTORS_LISTED`].
    pub by: Vec<Member>,
}

/// An earlier text of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// When this text was written, by the server's clock.
    pub at: UnixMillis,
    /// The text.
    pub body: String,
}
