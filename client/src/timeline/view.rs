//! A message as views show it: its newest state with the operations of the outbox laid over it. The timeline makes views.

use hubbub_protocol::{Member, Message, MessageId, MessageKind, OpId, Operation, Refusal, Seq, UnixMillis};

use crate::outbox::Outbox;
use crate::outbox::outgoing::{Outgoing, Stage};
use crate::timeline::messages::Held;

/// A message as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageView<'a> {
    /// The message's id.
    pub id: MessageId,
    /// The author.
    pub by: &'a Member,
    /// When the server received it; when it was written, by this client's clock, until then.
    pub at: UnixMillis,
    /// What the message is.
    pub kind: &'a MessageKind,
    /// The text; that of the newest edit, if one is on its way. Empty if the message is deleted or is no text.
    pub body: &'a str,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
    /// The message that it answers, if the client has it.
    pub quote: Option<QuoteView<'a>>,
    /// How many messages answer it.
    pub replies: u32,
    /// When its text was last edited.
    pub edited_at: Option<UnixMillis>,
    /// Whether an edit is on its way.
    pub is_edit_pending: bool,
    /// Whether it is deleted.
    pub deletion: Deletion,
    /// Whether it is pinned.
    pub pinned: bool,
    /// The reactions, in the order in which they first came.
    pub reactions: Vec<ReactionView<'a>>,
    /// How far the message itself has come.
    pub state: MessageState,
    /// The newest operation on it that was refused.
    pub problem: Option<Problem<'a>>,
}

/// A message that another one answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuoteView<'a> {
    /// The message's id.
    pub id: MessageId,
    /// The author.
    pub by: &'a Member,
    /// What the message is.
    pub kind: &'a MessageKind,
    /// The text; that of the newest edit, if one is on its way. Empty if the message is deleted or is no text.
    pub body: &'a str,
    /// Whether it is deleted.
    pub deletion: Deletion,
}

/// An emoji that members reacted with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReactionView<'a> {
    /// The emoji.
    pub emoji: &'a str,
    /// The emoji's short name in English. The emoji itself until the server has sent the name.
    pub name: &'a str,
    /// How many members reacted with it.
    pub count: u32,
    /// Whether the reader reacted with it.
    pub is_own: bool,
}

/// Whether a message is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// It is not.
    None,
    /// Its deletion is on its way.
    Pending,
    /// It was deleted.
    Done {
        /// When, by the server's clock.
        at: UnixMillis,
    },
}

/// How far a message has come.
#[derive(Clone, Debug, PartialEq)]
pub enum MessageState {
    /// It is on its way.
    Pending {
        /// When it is sent again, if the server has refused it for now.
        retry_at: Option<UnixMillis>,
    },
    /// It is on the server's disk.
    Sent(Seq),
    /// The server refuses it.
    Refused(Refusal),
}

/// An operation that the server refuses. `retry` and `discard` take its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem<'a> {
    /// The operation's id.
    pub op: OpId,
    /// What it should do, with the text that the person wrote.
    pub what: &'a Operation,
    /// Why.
    pub refusal: &'a Refusal,
}

impl<'a> MessageView<'a> {
    /// Returns a message that the client has.
    pub(crate) fn held(held: &'a Held, outbox: &'a Outbox) -> Self {
        let message = &held.message;
        let reactions = message.reactions.iter().map(|reaction| ReactionView {
            emoji: &reaction.emoji,
            name: &reaction.name,
            count: reaction.count,
            is_own: held.mine.contains(&reaction.emoji),
        });
        let mut view = Self {
            id: message.id,
            by: &message.by,
            at: message.at,
            kind: &message.kind,
            body: &message.body,
            reply_to: message.reply_to,
            quote: None,
            replies: message.replies,
            edited_at: message.edited_at,
            is_edit_pending: false,
            deletion: deletion(message),
            pinned: message.pinned,
            reactions: reactions.collect(),
            state: MessageState::Sent(message.seq),
            problem: None,
        };
        view.overlay(outbox);
        view
    }

    /// Returns a message that is on its way. None for an operation that posts none.
    pub(crate) fn outgoing(outgoing: &'a Outgoing, you: &'a Member, outbox: &'a Outbox) -> Option<Self> {
        let Operation::Post { body, reply_to } = &outgoing.what else { return None };
        let state = match &outgoing.stage {
            Stage::Queued | Stage::InFlight(_) => MessageState::Pending { retry_at: None },
            Stage::Delayed { until } => MessageState::Pending { retry_at: Some(*until) },
            Stage::Acked(seq) => MessageState::Sent(*seq),
            Stage::Refused(refusal) => MessageState::Refused(refusal.clone()),
        };
        let mut view = Self {
            id: outgoing.op.into(),
            by: you,
            at: outgoing.at,
            kind: &MessageKind::Text,
            body,
            reply_to: *reply_to,
            quote: None,
            replies: 0,
            edited_at: None,
            is_edit_pending: false,
            deletion: Deletion::None,
            pinned: false,
            reactions: Vec::new(),
            state,
            problem: None,
        };
        view.overlay(outbox);
        Some(view)
    }

    /// Returns the message as another one quotes it.
    pub(crate) fn as_quote(&self) -> QuoteView<'a> {
        QuoteView { id: self.id, by: self.by, kind: self.kind, body: self.body, deletion: self.deletion }
    }

    /// Shows the operations of the outbox as if the server had carried them out.
    fn overlay(&mut self, outbox: &'a Outbox) {
        let message = self.id;
        for outgoing in outbox.operations.iter().filter(|outgoing| outgoing.changes(message)) {
            if outgoing.is_shown() {
                self.show(outgoing);
            } else {
                self.problem = Problem::of(outgoing);
            }
        }
    }

    fn show(&mut self, outgoing: &'a Outgoing) {
        if matches!(self.deletion, Deletion::Done { .. }) {
            return;
        }
        match &outgoing.what {
            Operation::Edit { body, .. } => {
                self.body = body;
                self.is_edit_pending = outgoing.is_pending();
                if let Stage::Acked(_) = outgoing.stage {
                    self.edited_at = Some(outgoing.at);
                }
            }
            Operation::Delete { .. } => self.deletion = Deletion::Pending,
            Operation::React { emoji, on, .. } => self.react(emoji, *on),
            Operation::Pin { on, .. } => self.pinned = *on,
            Operation::Post { .. } | Operation::Describe { .. } | Operation::Unknown => {}
        }
    }

    fn react(&mut self, emoji: &'a str, on: bool) {
        let Some(place) = self.reactions.iter().position(|reaction| reaction.emoji == emoji) else {
            if on {
                self.reactions.push(ReactionView { emoji, name: emoji, count: 1, is_own: true });
            }
            return;
        };
        let reaction = &mut self.reactions[place];
        match (on, reaction.is_own) {
            (true, false) => reaction.count += 1,
            (false, true) => reaction.count = reaction.count.saturating_sub(1),
            (true, true) | (false, false) => {}
        }
        reaction.is_own = on;
        if reaction.count == 0 {
            self.reactions.remove(place);
        }
    }
}

impl<'a> Problem<'a> {
    /// Returns the problem of an operation that was refused.
    pub(crate) fn of(outgoing: &'a Outgoing) -> Option<Self> {
        let Stage::Refused(refusal) = &outgoing.stage else { return None };
        Some(Self { op: outgoing.op, what: &outgoing.what, refusal })
    }
}

fn deletion(message: &Message) -> Deletion {
    message.deleted_at.map_or(Deletion::None, |at| Deletion::Done { at })
}
