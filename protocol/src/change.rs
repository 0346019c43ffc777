//! Changes of a room's stream. A change carries absolute values, never increments, so that applying it twice has no effect.

use serde::{Deserialize, Serialize};

use crate::ids::{MessageId, Seq, UnixMillis};
use crate::message::Reaction;
use crate::model::Member;
use crate::open_enum::open_enum;

/// One change of a room's stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The change's number in the stream.
    pub seq: Seq,
    /// When the server received the operation, by the server's clock.
    pub at: UnixMillis,
    /// The member who caused the change.
    pub by: Member,
    /// The messages whose fields change. The first one is the message that `what` speaks of. A client that does not know
    /// `what` asks for these messages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<MessageId>,
    /// What happened.
    pub what: What,
}

/// The kind of a change, with the new values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum What {
    /// The message was posted.
    Posted {
        /// The message's text, trimmed. Empty if the message was deleted before this change was sent.
        body: String,
        /// The message that it answers, which is the second target.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<ReplyTo>,
    },
    /// The message has another text.
    Edited {
        /// The new text, trimmed. Empty if the message was deleted before this change was sent.
        body: String,
    },
    /// The message was deleted: its text, its reactions and its pin are gone.
    Deleted,
    /// The member reacted to the message, or took a reaction back.
    Reacted {
        /// The emoji.
        emoji: String,
        /// Whether the member has this reaction now.
        on: bool,
        /// All reactions of the message, in the order in which they first came.
        reactions: Vec<Reaction>,
    },
    /// The message was pinned or unpinned.
    Pinned {
        /// Whether the message is pinned now.
        on: bool,
        /// All pins of the room, the last pinned one first.
        pins: Vec<MessageId>,
    },
    /// The room has another name or topic. The target is the line that says so.
    Described {
        /// The name.
        name: String,
        /// The topic. May be empty.
        topic: String,
    },
    /// A kind that this build does not know. The client asks for the targets.
    #[serde(other)]
    Unknown,
}

open_enum!(What);

/// The message that another one answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyTo {
    /// The message that is answered.
    pub message: MessageId,
    /// How many answers it has now, this one included.
    pub replies: u32,
}

impl Change {
    /// Returns the message that `what` speaks of. None only for a change of an unknown kind.
    #[must_use]
    pub fn message(&self) -> Option<MessageId> {
        self.targets.first().copied()
    }
}
