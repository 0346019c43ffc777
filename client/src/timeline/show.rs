//! Which views have to read again after something changed. Nothing here changes anything.

use hubbub_protocol::{MessageId, OpId, Operation, Query};

use crate::effects::{Effects, Update};
use crate::timeline::Timeline;

impl Timeline {
    /// Updates the views after an operation was added, removed or got another stage. Operations on a message change with
    /// its post and are replaced by its deletion, so these update every list.
    pub(crate) fn show_outbox(&self, op: OpId, what: &Operation, out: &mut Effects) {
        out.update(Update::Outbox(self.room));
        self.show_operation(what, op.into(), out);
        let is_on_post = what.target().is_some_and(|target| self.outbox.post_of(target).is_some());
        if is_on_post || matches!(what, Operation::Post { .. } | Operation::Delete { .. }) {
            out.update(Update::List(self.room));
            out.update(Update::Pins(self.room));
            out.update(Update::Thread(self.room));
        }
    }

    /// Updates the views of an operation's subject. `posted` is the message that it posts, if it is a post.
    pub(crate) fn show_operation(&self, what: &Operation, posted: MessageId, out: &mut Effects) {
        match what {
            Operation::Post { reply_to, .. } => {
                self.show_message(posted, true, out);
                out.update(Update::List(self.room));
                if self.is_parent(posted) {
                    out.update(Update::Thread(self.room));
                }
                if self.thread.as_ref().is_some_and(|thread| *reply_to == Some(thread.parent)) {
                    out.update(Update::Thread(self.room));
                }
            }
            Operation::Edit { message, .. } | Operation::Delete { message } => self.show_message(*message, true, out),
            Operation::React { message, .. } => self.show_message(*message, false, out),
            Operation::Pin { message, .. } => {
                self.show_message(*message, false, out);
                out.update(Update::Pins(self.room));
            }
            Operation::Describe { .. } | Operation::Unknown => out.update(Update::State(self.room)),
        }
    }

    /// Updates the views that wait for a message.
    pub(crate) fn show_new(&self, id: MessageId, out: &mut Effects) {
        if self.is_pinned(id) || self.outbox.operations.iter().any(|outgoing| outgoing.changes(id)) {
            out.update(Update::Pins(self.room));
        }
        if self.is_parent(id) {
            out.update(Update::Thread(self.room));
        }
    }

    /// Updates the views of a message, and of those that quote it.
    pub(crate) fn show_message(&self, id: MessageId, changes_quote: bool, out: &mut Effects) {
        out.update(Update::Message(self.room, id));
        self.show_among_pins(id, out);
        if changes_quote {
            let held = self.messages.iter().filter(|held| held.message.reply_to == Some(id));
            held.for_each(|held| out.update(Update::Message(self.room, held.message.id)));
            let posts = self.outbox.posts().filter(|post| post.what.target() == Some(id));
            posts.for_each(|post| out.update(Update::Message(self.room, post.op.into())));
        }
    }

    /// Updates the pins if a message may be among them: by the room's state, or by the outbox.
    fn show_among_pins(&self, id: MessageId, out: &mut Effects) {
        if self.is_pinned(id) || self.outbox.operations.iter().any(|outgoing| outgoing.changes(id)) {
            out.update(Update::Pins(self.room));
        }
    }

    /// Updates the views of what a query asked for.
    pub(crate) fn show_answered(&self, query: &Query, out: &mut Effects) {
        match query {
            Query::Before(_) | Query::After(_) | Query::Around(_) => out.update(Update::List(self.room)),
            Query::Replies { .. } => out.update(Update::Thread(self.room)),
            Query::Messages(_) | Query::Reactions(_) | Query::Revisions(_) | Query::Unknown => {}
        }
    }
}
