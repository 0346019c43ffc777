//! The operations of a member in a room whose changes the client doesn't have yet, oldest first. The timeline shows them
//! and the room sends them: one at a time in each lane, the same id until there is an answer. `rewrite` adds to them.

pub mod outgoing;
mod rewrite;

use std::time::Duration;

use hubbub_protocol::{MessageId, OpId, Operation, Refusal, Seq, UnixMillis};

use crate::moment::{Moment, Wait, ms};
use crate::outbox::outgoing::{Lane, Outgoing, Stage, Unsent};

/// The average wait after a refusal that passes by itself and has no time of its own.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// The largest number of operations of a room that wait for an answer at a time. The others wait for these.
const MAX_IN_FLIGHT: usize = 16;

/// The operations, oldest first. [`Outbox::add`] bounds them.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    pub(crate) operations: Vec<Outgoing>,
}

impl Outbox {
    pub(crate) fn posts(&self) -> impl Iterator<Item = &Outgoing> {
        self.operations.iter().filter(|outgoing| outgoing.is_post())
    }

    pub(crate) fn post_of(&self, message: MessageId) -> Option<&Outgoing> {
        self.operations.iter().find(|outgoing| outgoing.posts(message))
    }

    pub(crate) fn get(&self, op: OpId) -> Option<&Outgoing> {
        self.operations.iter().find(|outgoing| outgoing.op == op)
    }

    /// Puts the operations of an earlier page load before those of this one.
    pub(crate) fn restore(&mut self, unsent: impl Iterator<Item = Unsent>) {
        let known = std::mem::take(&mut self.operations);
        for unsent in unsent {
            if !known.iter().chain(&self.operations).any(|outgoing| outgoing.op == unsent.op) {
                self.operations.push(Outgoing::restored(unsent));
            }
        }
        self.operations.extend(known);
    }

    pub(crate) fn unsent(&self) -> Vec<Unsent> {
        self.operations.iter().filter_map(Outgoing::unsent).collect()
    }

    pub(crate) fn has_pending(&self) -> bool {
        self.operations.iter().any(Outgoing::is_pending)
    }

    /// Returns the operations to send now, and counts them as in flight.
    pub(crate) fn take_due(&mut self, now: Option<UnixMillis>) -> Vec<(OpId, Operation)> {
        let in_flight = |outgoing: &&Outgoing| matches!(outgoing.stage, Stage::InFlight(_));
        let mut n_in_flight = self.operations.iter().filter(in_flight).count();
        let mut due = Vec::new();
        for place in self.heads() {
            let head = &mut self.operations[place];
            let is_due = match &mut head.stage {
                Stage::InFlight(wait) => wait.is_over(now),
                Stage::Delayed { until } if now.is_none_or(|now| now < *until) => false,
                Stage::Queued | Stage::Delayed { .. } | Stage::Acked(_) | Stage::Refused(_) => {
                    n_in_flight += 1;
                    n_in_flight <= MAX_IN_FLIGHT
                }
            };
            if is_due {
                head.stage = Stage::InFlight(Wait::since(now));
                head.was_sent = true;
                due.push((head.op, head.what.clone()));
            }
        }
        due
    }

    /// Returns when `take_due` may have an operation to send, or None.
    pub(crate) fn deadline(&self) -> Option<UnixMillis> {
        let deadlines = self.heads().into_iter().filter_map(|place| match &self.operations[place].stage {
            Stage::InFlight(wait) => Some(wait.deadline()),
            Stage::Delayed { until } => Some(*until),
            Stage::Queued | Stage::Acked(_) | Stage::Refused(_) => None,
        });
        deadlines.min()
    }

    /// Takes the ack of an operation. Returns whether it is the first one.
    pub(crate) fn ack(&mut self, op: OpId, seq: Seq, at: UnixMillis) -> bool {
        let Some(outgoing) = self.find(op) else { return false };
        if matches!(outgoing.stage, Stage::Acked(_)) {
            return false;
        }
        outgoing.stage = Stage::Acked(seq);
        outgoing.at = at;
        true
    }

    /// Takes the refusal of an operation. If it is final and refuses a post, whatever depends on the post is refused too.
    /// Returns whether the operation was waiting for an answer.
    pub(crate) fn refuse(&mut self, op: OpId, refusal: Refusal, moment: &Moment) -> bool {
        let Some(outgoing) = self.find(op) else { return false };
        // An operation that is not in flight was answered before; this answers an earlier copy of it.
        if !matches!(outgoing.stage, Stage::InFlight(_)) {
            return false;
        }
        outgoing.stage = stage_after(refusal, moment);
        if let (Stage::Refused(refusal), true) = (&outgoing.stage, outgoing.is_post()) {
            let refusal = refusal.clone();
            self.refuse_dependents(op.into(), &refusal);
        }
        true
    }

    /// Removes the post of a message that the room's messages show now. Returns whether there was one.
    pub(crate) fn confirm(&mut self, message: MessageId) -> bool {
        let before = self.operations.len();
        self.operations.retain(|outgoing| !outgoing.posts(message));
        self.operations.len() < before
    }

    /// Removes and returns the operations that were acked with a seq up to the cursor: their changes have been applied.
    pub(crate) fn remove_acked_up_to(&mut self, cursor: Seq) -> Vec<Outgoing> {
        let is_applied = |outgoing: &mut Outgoing| matches!(outgoing.stage, Stage::Acked(seq) if seq <= cursor);
        self.operations.extract_if(.., is_applied).collect()
    }

    /// Queues the acked operations again. Their stream was replaced, perhaps by one without them; the server knows them by
    /// their ids.
    pub(crate) fn requeue_acked(&mut self) {
        self.requeue(|stage| matches!(stage, Stage::Acked(_)));
    }

    /// Queues the operations in flight again: nobody knows whether they arrived.
    pub(crate) fn disconnected(&mut self) {
        self.requeue(|stage| matches!(stage, Stage::InFlight(_)));
    }

    /// Queues a refused operation again, after all others, with the post that it depends on and whatever else depends on
    /// that. Returns whether there was one.
    pub(crate) fn retry(&mut self, op: OpId) -> bool {
        let Some(place) = self.operations.iter().position(|outgoing| outgoing.op == op && outgoing.is_refused()) else {
            return false;
        };
        let target = self.operations[place].what.target();
        let is_refused_post = |target: &MessageId| self.post_of(*target).is_some_and(Outgoing::is_refused);
        if let Some(post) = target.filter(is_refused_post) {
            return self.retry(post.into());
        }
        let mut outgoing = self.operations.remove(place);
        outgoing.stage = Stage::Queued;
        let is_post = outgoing.is_post();
        self.operations.push(outgoing);
        if is_post {
            for dependent in self.dependents(op.into()) {
                self.retry(dependent);
            }
        }
        true
    }

    /// Removes a refused operation, and the operations that change the message that it would have posted. Answers to that
    /// message that were never sent stay as posts of their own. Returns whether there was one.
    pub(crate) fn discard(&mut self, op: OpId) -> bool {
        let Some(outgoing) = self.get(op).filter(|outgoing| outgoing.is_refused()) else { return false };
        let is_post = outgoing.is_post();
        self.operations.retain(|outgoing| outgoing.op != op);
        if is_post {
            self.forget_post(op.into());
        }
        true
    }

    /// Forgets a message that will not be posted.
    pub(crate) fn forget_post(&mut self, message: MessageId) {
        self.operations.retain(|outgoing| !outgoing.changes(message));
        for outgoing in self.operations.iter_mut().filter(|outgoing| !outgoing.was_sent) {
            if let Operation::Post { reply_to, .. } = &mut outgoing.what {
                reply_to.take_if(|parent| *parent == message);
            }
        }
    }

    pub(crate) fn refuse_dependents(&mut self, post: MessageId, refusal: &Refusal) {
        for dependent in self.dependents(post) {
            let Some(outgoing) = self.find(dependent) else { continue };
            outgoing.stage = Stage::Refused(refusal.clone());
            if outgoing.is_post() {
                self.refuse_dependents(dependent.into(), refusal);
            }
        }
    }

    /// Returns the operations that change or answer a message and are not acked.
    fn dependents(&self, post: MessageId) -> Vec<OpId> {
        let dependents = self
            .operations
            .iter()
            .filter(|outgoing| !matches!(outgoing.stage, Stage::Acked(_)) && outgoing.what.target() == Some(post));
        dependents.map(|outgoing| outgoing.op).collect()
    }

    /// Returns the places of the operations that may be sent next or are in flight: the oldest pending one of each lane,
    /// unless it waits for the post of its message.
    fn heads(&self) -> Vec<usize> {
        let mut lanes: Vec<Lane> = Vec::new();
        let mut heads = Vec::new();
        for (place, outgoing) in self.operations.iter().enumerate().filter(|(_, outgoing)| outgoing.is_pending()) {
            let lane = outgoing.lane();
            if lanes.contains(&lane) {
                continue;
            }
            lanes.push(lane);
            let waits_for_post = match lane {
                Lane::Message(message) => self.post_of(message).is_some_and(Outgoing::is_pending),
                Lane::Posts | Lane::Room => false,
            };
            if !waits_for_post {
                heads.push(place);
            }
        }
        heads
    }

    fn requeue(&mut self, is_it: impl Fn(&Stage) -> bool) {
        for outgoing in self.operations.iter_mut().filter(|outgoing| is_it(&outgoing.stage)) {
            outgoing.stage = Stage::Queued;
        }
    }

    fn find(&mut self, op: OpId) -> Option<&mut Outgoing> {
        self.operations.iter_mut().find(|outgoing| outgoing.op == op)
    }
}

fn stage_after(refusal: Refusal, moment: &Moment) -> Stage {
    let wait_ms = match refusal {
        Refusal::RateLimited { retry_after_ms } => retry_after_ms,
        Refusal::Busy | Refusal::UnknownOutcome => moment.between(ms(RETRY_AFTER) / 2, ms(RETRY_AFTER) * 3 / 2),
        Refusal::SignedOut => return Stage::Queued,
        other => return Stage::Refused(other),
    };
    Stage::Delayed { until: UnixMillis(moment.now.0.saturating_add(wait_ms)) }
}
