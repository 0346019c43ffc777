//! How changes, pages, rows and acks change a room's timeline. The room passes them on. Nothing here sends anything.

use hubbub_protocol::{
    Applied, Change, Cursor, Epoch, Message, MessageId, OpId, Operation, Page, PageReason, RoomState, Seq, UnixMillis,
    What,
};

use crate::effects::{Effects, Update};
use crate::log_order::SeqOrder;
use crate::outbox::outgoing::Outgoing;
use crate::timeline::Timeline;
use crate::timeline::messages::Held;
use crate::timeline::questions::Questions;
use crate::timeline::run::{Place, Run};
use crate::timeline::thread::Thread;

impl Timeline {
    /// Applies the changes that come next. Returns true if a change before one of them is missing.
    pub(crate) fn changes(&mut self, changes: Vec<Change>, out: &mut Effects) -> bool {
        let mut is_behind = false;
        for change in changes {
            match self.log.advance(change.seq) {
                SeqOrder::Next => self.apply(change, out),
                SeqOrder::Repeated => {}
                SeqOrder::Missing { .. } => {
                    is_behind = true;
                    break;
                }
            }
        }
        self.settle(out);
        self.trim();
        is_behind
    }

    /// Starts from the newest page of the room. What the client holds is kept only if it is of the same moment as the page:
    /// else something that the page does not show may have changed.
    pub(crate) fn page(&mut self, reason: PageReason, epoch: Epoch, state: RoomState, page: Page, out: &mut Effects) {
        let is_same_life = match reason {
            PageReason::First | PageReason::Gap => self.log.epoch() == Some(epoch),
            PageReason::Reset | PageReason::Unknown => false,
        };
        if is_same_life && page.as_of < self.log.head() {
            // The answer to a join that was sent twice. Everything in it is known.
            self.set_state(state, out);
            return;
        }
        let run = Run::of(&page, None, None);
        if is_same_life && page.as_of == self.log.head() {
            self.log.add(run);
        } else {
            self.start_anew(epoch, run, out);
        }
        if !is_same_life {
            self.outbox.requeue_acked();
            out.update(Update::Outbox(self.room));
        }
        self.take_all(page, &[], out);
        self.set_state(state, out);
        self.settle(out);
        self.trim();
        out.update(Update::List(self.room));
    }

    /// Takes the rows that changed after the cursor, all of them, and moves the cursor. Returns false if the client has no
    /// cursor that the rows could follow.
    pub(crate) fn resumed(&mut self, to: Seq, state: Option<RoomState>, rows: Vec<Held>, out: &mut Effects) -> bool {
        if self.log.epoch().is_none() {
            return false;
        }
        if to < self.log.head() {
            // The client knows these rows, and newer states of them.
            return true;
        }
        if to > self.log.head() {
            self.recent.start_at(to);
            self.log.advance_to(to);
        }
        for row in rows {
            let is_answer = self.thread.as_ref().is_some_and(|thread| row.message.reply_to == Some(thread.parent));
            if self.messages.holds(row.message.id) || self.log.covers(row.message.seq) || is_answer {
                self.take(row, out);
            }
        }
        if let Some(state) = state {
            self.set_state(state, out);
        }
        self.settle(out);
        self.trim();
        true
    }

    /// Takes the ack of an operation, whose change may have come already.
    pub(crate) fn acked(&mut self, op: OpId, seq: Seq, at: UnixMillis, out: &mut Effects) {
        if self.outbox.ack(op, seq, at) {
            out.update(Update::Outbox(self.room));
            if let Some(outgoing) = self.outbox.get(op) {
                self.show_operation(&outgoing.what, op.into(), out);
            }
            self.settle(out);
        }
    }

    /// Starts from a place in the stream, unless the client has a place already.
    pub(crate) fn start_after(&mut self, cursor: Cursor) {
        if self.log.epoch().is_none() {
            self.log.start_from(cursor.epoch, Run::after(cursor.seq));
        }
    }

    /// Forgets everything but the operations, which are the words of the member.
    pub(crate) fn forget(&mut self, out: &mut Effects) {
        self.log.forget();
        self.messages.clear();
        self.state = None;
        self.questions = Questions::default();
        self.missing.clear();
        self.thread = None;
        for update in
            [Update::List(self.room), Update::State(self.room), Update::Pins(self.room), Update::Thread(self.room)]
        {
            out.update(update);
        }
    }

    /// Adds messages of a page to the index, and to the runs and the thread that they belong to, after applying the changes
    /// that the page is too old for.
    pub(crate) fn take_all(&mut self, page: Page, changes: &[Change], out: &mut Effects) {
        let mut mine = page.mine;
        let messages = Held::join(page.messages, &mut mine);
        let quoted = Held::join(page.quoted, &mut mine);
        for mut held in messages.into_iter().chain(quoted) {
            for change in changes {
                if held.apply(change, self.you.id) == Applied::Unknown {
                    self.outdated(held.message.id);
                }
            }
            self.take(held, out);
        }
    }

    /// Takes a newer state of the room.
    fn set_state(&mut self, state: RoomState, out: &mut Effects) {
        if self.state.as_ref().is_some_and(|known| known.rev >= state.rev) {
            return;
        }
        self.state = Some(state);
        self.show_state(out);
    }

    /// Updates the views of the room's state, and asks for the pins that are not held.
    fn show_state(&mut self, out: &mut Effects) {
        out.update(Update::State(self.room));
        out.update(Update::Pins(self.room));
        let pins = self.state.as_ref().map(|state| state.pins.clone()).unwrap_or_default();
        pins.into_iter().for_each(|pin| self.miss_with_quote(pin));
    }

    fn start_anew(&mut self, epoch: Epoch, run: Run, out: &mut Effects) {
        self.recent.start_at(run.to);
        self.log.start_from(epoch, run);
        self.messages.clear();
        self.state = None;
        self.forget_questions();
        if let Some(thread) = &mut self.thread {
            *thread = Thread::new(thread.parent);
            self.questions.add(thread.next_query());
            out.update(Update::Thread(self.room));
        }
        let answered: Vec<MessageId> = self.outbox.posts().filter_map(|post| post.what.target()).collect();
        answered.into_iter().for_each(|id| self.miss(id));
    }

    fn apply(&mut self, change: Change, out: &mut Effects) {
        if let Some(message) = Message::added_by(&change) {
            self.take(Held::new(message), out);
        }
        let changes_quote = matches!(change.what, What::Edited { .. } | What::Deleted);
        for id in change.targets.iter().copied() {
            let applied = self.messages.get_mut(id).map(|held| held.apply(&change, self.you.id));
            match applied {
                Some(Applied::Changed) => self.show_message(id, changes_quote, out),
                Some(Applied::Unchanged) => {}
                Some(Applied::Unknown) => self.outdated(id),
                // It may be a message of a kind that this build does not know.
                None if change.what == What::Unknown => self.outdated(id),
                None => {}
            }
        }
        if self.state.as_mut().is_some_and(|state| state.apply(&change)) {
            self.show_state(out);
        }
        if self.questions.awaits_page() {
            self.recent.push(change);
        }
    }

    /// Adds a message to the index, and to the run and the thread that it belongs to.
    fn take(&mut self, held: Held, out: &mut Effects) {
        let Message { id, seq, reply_to, .. } = held.message;
        // A page may be ahead of the cursor. Then the post stays at the end until its change has come.
        if seq <= self.log.head() && self.is_own(&held.message) && self.outbox.confirm(id) {
            out.update(Update::Message(self.room, id));
            out.update(Update::Pins(self.room));
            for update in [Update::Outbox(self.room), Update::List(self.room), Update::Thread(self.room)] {
                out.update(update);
            }
        }
        let is_new = !self.messages.holds(id);
        let differs = self.messages.insert(held);
        let place = Place { seq, id };
        if self.log.put(place) {
            out.update(Update::List(self.room));
        }
        if self.log.covers(seq) || self.is_pinned(id) || self.thread.as_ref().is_some_and(|thread| thread.parent == id)
        {
            reply_to.into_iter().for_each(|quoted| self.miss(quoted));
        }
        if is_new {
            self.show_new(id, out);
        }
        let thread = self.thread.as_mut().filter(|thread| reply_to == Some(thread.parent));
        if thread.is_some_and(|thread| thread.put(place)) {
            out.update(Update::Thread(self.room));
        }
        if differs {
            self.show_message(id, true, out);
        }
    }

    /// Removes the operations whose changes have been applied.
    fn settle(&mut self, out: &mut Effects) {
        for Outgoing { op, what, .. } in self.outbox.remove_acked_up_to(self.log.head()) {
            self.show_operation(&what, op.into(), out);
            // The message of a post may lie in a gap. It is needed if something refers to it.
            if matches!(what, Operation::Post { .. }) && self.is_referred_to(op.into()) {
                self.miss(op.into());
            }
        }
    }

    fn trim(&mut self) {
        if self.log.trim(self.reading) {
            self.drop_unused();
        }
    }
}
