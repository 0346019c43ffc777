//! How an operation is added to the outbox: it may take the place of operations that the server can't have.

use hubbub_protocol::{MessageId, OpId, Operation, Refusal, UnixMillis};

use crate::outbox::Outbox;
use crate::outbox::outgoing::{Outgoing, Stage};
use crate::timeline::messages::Held;

/// The largest number of operations of a room's outbox. Beyond it, texts are kept as refused with `busy`, so that no words
/// are lost, and everything else is ignored: the message then shows that nothing has changed.
const MAX_OPERATIONS: usize = 1_000;

impl Outbox {
    /// Adds an operation. `held` is the message that it changes, if the client has it.
    ///
    /// An operation that was sent once is never changed. One that was not is changed or replaced by a later one with the
    /// same subject, and a change that is taken back before it was sent is not sent.
    pub(crate) fn add(&mut self, op: OpId, what: Operation, at: UnixMillis, held: Option<&Held>) {
        let is_needed = match &what {
            Operation::Post { .. } => true,
            Operation::Edit { message, body } => self.prepare_edit(*message, body),
            Operation::Delete { message } => self.prepare_delete(*message),
            Operation::React { message, emoji, on } => {
                self.replace(|other| matches!(other, Operation::React { message: m, emoji: e, .. } if m == message && e == emoji));
                self.has_reaction(*message, emoji, held) != Some(*on)
            }
            Operation::Pin { message, on } => {
                self.replace(|other| matches!(other, Operation::Pin { message: m, .. } if m == message));
                self.is_pinned(*message, held) != Some(*on)
            }
            Operation::Describe { .. } => {
                self.replace(|other| matches!(other, Operation::Describe { .. }));
                true
            }
            Operation::Unknown => false,
        };
        if is_needed {
            self.push(Outgoing::new(op, what, at));
        }
    }

    fn push(&mut self, mut outgoing: Outgoing) {
        if self.operations.len() >= MAX_OPERATIONS {
            match outgoing.what {
                Operation::Post { .. } | Operation::Edit { .. } | Operation::Describe { .. } => {
                    outgoing.stage = Stage::Refused(Refusal::Busy);
                }
                Operation::Delete { .. } | Operation::React { .. } | Operation::Pin { .. } | Operation::Unknown => {
                    return;
                }
            }
        }
        // What changes or answers a refused post is refused with it.
        let post = outgoing.what.target().and_then(|target| self.post_of(target));
        if let Some(Stage::Refused(refusal)) = post.map(|post| &post.stage) {
            outgoing.stage = Stage::Refused(refusal.clone());
        }
        self.operations.push(outgoing);
    }

    /// Returns false if the edit changed a post that was not sent yet.
    fn prepare_edit(&mut self, message: MessageId, new_body: &str) -> bool {
        let post = self.operations.iter_mut().find(|outgoing| outgoing.posts(message) && !outgoing.was_sent);
        if let Some(Operation::Post { body, .. }) = post.map(|post| &mut post.what) {
            new_body.clone_into(body);
            return false;
        }
        self.replace(|other| matches!(other, Operation::Edit { message: m, .. } if *m == message));
        true
    }

    /// Returns false if the delete removed a post that was not sent yet or was refused, or if it is on its way already.
    fn prepare_delete(&mut self, message: MessageId) -> bool {
        if self.post_of(message).is_some_and(Outgoing::is_replaceable) {
            self.operations.retain(|outgoing| !outgoing.posts(message));
            self.forget_post(message);
            return false;
        }
        self.operations.retain(|outgoing| !(outgoing.changes(message) && outgoing.is_replaceable()));
        !self.operations.iter().any(|outgoing| outgoing.what == Operation::Delete { message })
    }

    /// Removes the operations that a new one takes the place of.
    fn replace(&mut self, is_it: impl Fn(&Operation) -> bool) {
        self.operations.retain(|outgoing| !(is_it(&outgoing.what) && outgoing.is_replaceable()));
    }

    /// Returns whether the member has a reaction once the operations in the outbox are carried out, if the client knows.
    fn has_reaction(&self, message: MessageId, emoji: &str, held: Option<&Held>) -> Option<bool> {
        let last = self.operations.iter().rev().find_map(|outgoing| match &outgoing.what {
            Operation::React { message: m, emoji: e, on } if *m == message && e == emoji => Some(*on),
            _ => None,
        });
        let own = held.map(|held| held.mine.iter().any(|own| own == emoji));
        last.or(own).or_else(|| self.post_of(message).map(|_| false))
    }

    /// Returns whether a message is pinned once the operations in the outbox are carried out, if the client knows.
    fn is_pinned(&self, message: MessageId, held: Option<&Held>) -> Option<bool> {
        let last = self.operations.iter().rev().find_map(|outgoing| match &outgoing.what {
            Operation::Pin { message: m, on } if *m == message => Some(*on),
            _ => None,
        });
        last.or_else(|| held.map(|held| held.message.pinned)).or_else(|| self.post_of(message).map(|_| false))
    }
}
