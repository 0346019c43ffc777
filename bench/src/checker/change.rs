//! A change as a receiver got it. The dialects make these values, and the log compares them with what was sent.

use hubbub_protocol::{MessageId, Seq};

/// A change in a payload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReceivedChange {
    pub(crate) seq: Seq,
    /// The message that it posts or changes, if the server has ids.
    pub(crate) message: Option<MessageId>,
    pub(crate) content: Content,
}

/// The content of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// The text of a new message, with its number; None if the text is not one of this run.
    Posted(Option<u64>),
    /// The new text of an edited message, with its number; None if the text is not one of this run.
    Edited(Option<u64>),
    /// A reaction was added.
    Reaction,
    /// Something that no crowd asks for.
    Other,
}
