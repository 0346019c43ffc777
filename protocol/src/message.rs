//! A message in its current state, with its reactions. `apply` changes it.

use serde::{Deserialize, Serialize};

use crate::ids::{MessageId, Seq, UnixMillis};
use crate::model::Member;
use crate::open_enum::open_enum;

/// A message in its current state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The message's id, minted by its author's client.
    pub id: MessageId,
    /// The seq of the change that posted the message. Messages are shown in this order.
    pub seq: Seq,
    /// The seq of the last change to the message.
    pub rev: Seq,
    /// When the server received the message, by the server's clock.
    pub at: UnixMillis,
    /// The author.
    pub by: Member,
    /// What the message is.
    #[serde(default, skip_serializing_if = "MessageKind::is_text")]
    pub kind: MessageKind,
    /// The text. Empty if the message is deleted or is no text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// The message that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<MessageId>,
    /// How many messages answer it, deleted ones included.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub replies: u32,
    /// When its text was last edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<UnixMillis>,
    /// When it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<UnixMillis>,
    /// Whether it is pinned.
    #[serde(default, skip_serializing_if = "is_false")]
    pub pinned: bool,
    /// Its reactions, in the order in which they first came. At most [`crate::limits::MAX_REACTIONS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
}

/// What a message is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum MessageKind {
    /// A text that a member wrote.
    #[default]
    Text,
    /// A line that says that the author gave the room this name and topic.
    Described {
        /// The name.
        name: String,
        /// The topic. May be empty.
        topic: String,
    },
    /// A kind that this build does not know. It is not shown.
    #[serde(other)]
    Unknown,
}

open_enum!(MessageKind);

/// An emoji that members reacted with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// The emoji's short name in English, such as `thumbs up`.
    pub name: String,
    /// How many members reacted with it. At least 1.
    pub count: u32,
}

/// The reactions of the reader to one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnReactions {
    /// The message.
    pub message: MessageId,
    /// The emoji that the reader reacted with, at least one.
    pub emoji: Vec<String>,
}

impl Message {
    /// Returns whether the message was deleted.
    #[must_use]
    pub const fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }
}

impl MessageKind {
    /// Returns whether the message is a text that a member wrote.
    #[must_use]
    pub const fn is_text(&self) -> bool {
        matches!(self, Self::Text)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}
