//! How a person's operations enter and leave a room's outbox, and which views that changes.

use hubbub_protocol::{OpId, Operation, Refusal, UnixMillis};

use crate::effects::{Effects, Update};
use crate::moment::Moment;
use crate::outbox::outgoing::Unsent;
use crate::timeline::Timeline;

impl Timeline {
    /// Adds an operation to the outbox.
    pub(crate) fn operate(&mut self, op: OpId, what: Operation, at: UnixMillis, out: &mut Effects) {
        if let Operation::Post { reply_to: Some(parent), .. } = what {
            self.miss(parent);
        }
        let held = what.target().and_then(|target| self.messages.get(target));
        self.outbox.add(op, what.clone(), at, held);
        self.show_outbox(op, &what, out);
    }

    /// Takes over the operations of an earlier page load, except posts whose messages are shown already.
    pub(crate) fn restore(&mut self, unsent: Vec<Unsent>, out: &mut Effects) {
        let messages = &self.messages;
        let is_posted = |unsent: &Unsent| {
            let held = messages.get(unsent.op.into());
            matches!(unsent.what, Operation::Post { .. }) && held.is_some_and(|held| held.message.by.id == self.you.id)
        };
        let unsent: Vec<Unsent> = unsent.into_iter().filter(|unsent| !is_posted(unsent)).collect();
        let targets: Vec<_> = unsent.iter().filter_map(|unsent| unsent.what.target()).collect();
        self.outbox.restore(unsent.into_iter());
        targets.into_iter().for_each(|target| self.miss(target));
        for update in
            [Update::List(self.room), Update::Pins(self.room), Update::Thread(self.room), Update::State(self.room)]
        {
            out.update(update);
        }
        out.update(Update::Outbox(self.room));
    }

    pub(crate) fn retry(&mut self, op: OpId, out: &mut Effects) {
        let what = self.outbox.get(op).map(|outgoing| outgoing.what.clone());
        if let Some(what) = what.filter(|_| self.outbox.retry(op)) {
            self.show_outbox(op, &what, out);
        }
    }

    pub(crate) fn discard(&mut self, op: OpId, out: &mut Effects) {
        let what = self.outbox.get(op).map(|outgoing| outgoing.what.clone());
        if let Some(what) = what.filter(|_| self.outbox.discard(op)) {
            self.show_outbox(op, &what, out);
        }
    }

    /// Takes the refusal of an operation.
    pub(crate) fn refused(&mut self, op: OpId, refusal: Refusal, moment: &Moment, out: &mut Effects) {
        let what = self.outbox.get(op).map(|outgoing| outgoing.what.clone());
        if let Some(what) = what.filter(|_| self.outbox.refuse(op, refusal, moment)) {
            self.show_outbox(op, &what, out);
        }
    }
}
