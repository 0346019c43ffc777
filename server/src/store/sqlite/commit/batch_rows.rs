//! The rows of a batch, a type a table, and how each differs from the database. `batch` changes them; `load` and `save` read
//! and write them.

use hubbub_protocol::{MemberId, Message, MessageId, RoomId, RoomState, Seq, UnixMillis};

use super::digest::{Digest, Salt};
use crate::store::{Intent, Submitted};

#[derive(Debug)]
pub(super) struct BatchRoom {
    pub(super) head: Seq,
    pub(super) state: RoomState,
    pub(super) is_changed: bool,
    /// The head has moved.
    pub(super) has_moved: bool,
}

#[derive(Debug)]
pub(super) struct BatchMessage {
    pub(super) message: Message,
    pub(super) pinned_seq: Option<Seq>,
    pub(super) salt: Option<Salt>,
    /// The text that was posted, if the message was edited since.
    pub(super) first_body: Option<String>,
    pub(super) stored: Stored,
    /// Whether this batch deleted it, so that its revisions and reactions go.
    pub(super) is_erased: bool,
}

/// How a message in memory differs from the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stored {
    /// It doesn't.
    Same,
    /// The database has an older state.
    Older,
    /// The database doesn't have it.
    Nothing,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct BatchReaction {
    pub(super) seq: Option<Seq>,
    pub(super) is_changed: bool,
}

/// An operation but a post, as it is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BatchOperation {
    pub(super) by: MemberId,
    pub(super) kind: String,
    pub(super) target: Option<MessageId>,
    pub(super) seq: Seq,
    pub(super) at: UnixMillis,
    pub(super) digest: Digest,
    pub(super) is_new: bool,
}

#[derive(Debug)]
pub(super) struct BatchRevision {
    pub(super) room: RoomId,
    pub(super) message: MessageId,
    pub(super) seq: Seq,
    pub(super) at: UnixMillis,
    pub(super) body: String,
}

impl BatchMessage {
    pub(super) fn new(message: Message) -> Self {
        Self { message, pinned_seq: None, salt: None, first_body: None, stored: Stored::Nothing, is_erased: false }
    }

    /// Whether this message is what the operation would post. After a deletion, the text can't be compared.
    pub(super) fn is_posted_by(&self, submitted: &Submitted) -> bool {
        let Intent::Post { body, reply_to } = &submitted.intent else { return false };
        let posted = self.first_body.as_ref().unwrap_or(&self.message.body);
        self.message.by.id == submitted.by
            && self.message.reply_to == *reply_to
            && (self.message.is_deleted() || posted == body.as_str())
    }

    pub(super) fn erase(&mut self) {
        self.first_body = None;
        self.salt = None;
        self.pinned_seq = None;
        self.is_erased = true;
    }
}

impl Stored {
    pub(super) const fn changed(self) -> Self {
        match self {
            Self::Same | Self::Older => Self::Older,
            Self::Nothing => Self::Nothing,
        }
    }
}

impl BatchOperation {
    pub(super) fn is_alike(&self, submitted: &Submitted) -> bool {
        self.by == submitted.by && self.kind == kind_of(&submitted.intent) && self.target == submitted.intent.target()
    }
}

/// The name of an operation's kind in the column `operation.kind`.
pub(super) const fn kind_of(intent: &Intent) -> &'static str {
    match intent {
        Intent::Post { .. } => "post",
        Intent::Edit { .. } => "edit",
        Intent::Delete { .. } => "delete",
        Intent::React { .. } => "react",
        Intent::Pin { .. } => "pin",
        Intent::Describe { .. } => "describe",
    }
}
