//! What a member does in a room: the content of an operation. The frame around it names the room and the operation's id.

use serde::{Deserialize, Serialize};

use crate::ids::MessageId;
use crate::open_enum::open_enum;

/// The content of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Operation {
    /// Posts a message. The operation's id becomes the message's id.
    Post {
        /// The text. The server trims it.
        body: String,
        /// The message that it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<MessageId>,
    },
    /// Gives an own message another text.
    Edit {
        /// The message.
        message: MessageId,
        /// The text. The server trims it.
        body: String,
    },
    /// Deletes an own message.
    Delete {
        /// The message.
        message: MessageId,
    },
    /// Adds an own reaction to a message, or takes it back.
    React {
        /// The message.
        message: MessageId,
        /// One emoji.
        emoji: String,
        /// Whether the member has this reaction afterwards.
        on: bool,
    },
    /// Pins a message, or unpins it.
    Pin {
        /// The message.
        message: MessageId,
        /// Whether the message is pinned afterwards.
        on: bool,
    },
    /// Gives the room another name and topic. Only the member who made the room may do so.
    Describe {
        /// The name. The server trims it.
        name: String,
        /// The topic. May be empty. The server trims it.
        topic: String,
    },
    /// An operation that this build does not know. The server refuses it as `unknown_type`.
    #[serde(other)]
    Unknown,
}

open_enum!(Operation);

impl Operation {
    /// Returns the message that the operation changes or answers.
    #[must_use]
    pub const fn target(&self) -> Option<MessageId> {
        match self {
            Self::Post { reply_to, .. } => *reply_to,
            Self::Edit { message, .. }
            | Self::Delete { message }
            | Self::React { message, .. }
            | Self::Pin { message, .. } => Some(*message),
            Self::Describe { .. } | Self::Unknown => None,
        }
    }
}
