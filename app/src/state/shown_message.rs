//! The parts of a message that the page shows and that may change, as a plain value. Views read the value out of a signal;
//! `rows` makes it from the engine's view of the message.

use hubbub_client::{Deletion, MessageState, MessageView, Problem, QuoteView, ReactionView};
use hubbub_protocol::{Member, MessageId, MessageKind, OpId, Operation, Refusal, UnixMillis};

use super::arrange::GroupPosition;

/// The parts of a message that may change.
#[derive(Clone, PartialEq)]
pub(crate) struct ShownMessage {
    pub(crate) at: UnixMillis,
    pub(crate) kind: MessageKind,
    pub(crate) body: String,
    /// The message that this message answers.
    pub(crate) quote: Option<ShownQuote>,
    /// The number of messages that answer this message.
    pub(crate) replies: u32,
    pub(crate) edited_at: Option<UnixMillis>,
    pub(crate) is_edit_pending: bool,
    pub(crate) deletion: Deletion,
    pub(crate) pinned: bool,
    pub(crate) reactions: Vec<ShownReaction>,
    pub(crate) state: MessageState,
    /// The last operation on this message that was refused.
    pub(crate) problem: Option<ShownProblem>,
    pub(crate) position: GroupPosition,
}

/// A message that another message answers. Its author and text are None until they are loaded.
#[derive(Clone, PartialEq)]
pub(crate) struct ShownQuote {
    pub(crate) id: MessageId,
    pub(crate) content: Option<(Member, QuotedText)>,
}

/// The text of a quoted message.
#[derive(Clone, PartialEq)]
pub(crate) enum QuotedText {
    Text(String),
    Deleted,
}

/// An emoji with the number of members who reacted with it.
#[derive(Clone, PartialEq)]
pub(crate) struct ShownReaction {
    pub(crate) emoji: String,
    pub(crate) name: String,
    pub(crate) count: u32,
    pub(crate) is_own: bool,
}

/// An operation that was refused.
#[derive(Clone, PartialEq)]
pub(crate) struct ShownProblem {
    pub(crate) op: OpId,
    pub(crate) what: Operation,
    pub(crate) refusal: Refusal,
}

impl ShownMessage {
    pub(super) fn new(message: &MessageView<'_>, position: GroupPosition) -> Self {
        let quote = message.reply_to.map(|id| ShownQuote { id, content: message.quote.map(quoted) });
        Self {
            at: message.at,
            kind: message.kind.clone(),
            body: message.body.to_owned(),
            quote,
            replies: message.replies,
            edited_at: message.edited_at,
            is_edit_pending: message.is_edit_pending,
            deletion: message.deletion,
            pinned: message.pinned,
            reactions: message.reactions.iter().map(ShownReaction::from).collect(),
            state: message.state.clone(),
            problem: message.problem.map(ShownProblem::from),
            position,
        }
    }

    /// Returns whether the server refuses the message or an operation on it, for now or for good.
    pub(crate) fn has_problem(&self) -> bool {
        let is_refused = match self.state {
            MessageState::Pending { retry_at } => retry_at.is_some(),
            MessageState::Sent(_) => false,
            MessageState::Refused(_) => true,
        };
        is_refused || self.problem.is_some()
    }

    /// Returns whether the message is deleted, or will be as soon as the server knows.
    pub(crate) fn is_deleted(&self) -> bool {
        self.deletion != Deletion::None
    }
}

impl From<&ReactionView<'_>> for ShownReaction {
    fn from(reaction: &ReactionView<'_>) -> Self {
        Self {
            emoji: reaction.emoji.to_owned(),
            name: reaction.name.to_owned(),
            count: reaction.count,
            is_own: reaction.is_own,
        }
    }
}

impl From<Problem<'_>> for ShownProblem {
    fn from(problem: Problem<'_>) -> Self {
        Self { op: problem.op, what: problem.what.clone(), refusal: problem.refusal.clone() }
    }
}

fn quoted(quote: QuoteView<'_>) -> (Member, QuotedText) {
    let text = match quote.deletion {
        Deletion::None => QuotedText::Text(quote.body.to_owned()),
        Deletion::Pending | Deletion::Done { .. } => QuotedText::Deleted,
    };
    (quote.by.clone(), text)
}
