//! The messages that a member has sent in a room and that are not in the log yet, oldest first. The timeline shows them and
//! the room sends them, one at a time, so that the server stores them in this order.

use std::time::Duration;

use hubbub_protocol::{MessageId, Refusal, Seq, UnixMillis};

use crate::moment::{Moment, Wait, ms};

/// The average wait after a refusal that passes by itself and has no time of its own.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// A message that is not in the log yet, as it is kept across a reload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// The message's id, minted when it was sent.
    pub id: MessageId,
    /// The message's text.
    pub body: String,
    /// When it was sent, by this client's clock.
    pub at: UnixMillis,
    /// Why the server refused it, or None while it is pending.
    pub refusal: Option<Refusal>,
}

/// A message in the outbox.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) id: MessageId,
    pub(crate) body: String,
    pub(crate) at: UnixMillis,
    pub(crate) stage: Stage,
}

/// The state of a message in the outbox.
#[derive(Debug)]
pub(crate) enum Stage {
    Queued,
    InFlight(Wait),
    Delayed { until: UnixMillis },
    Acked(Seq),
    Refused(Refusal),
}

/// The messages of the outbox, oldest first. Only what a person types adds to it, which bounds it.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    messages: Vec<Outgoing>,
}

impl Outbox {
    pub(crate) fn messages(&self) -> &[Outgoing] {
        &self.messages
    }

    pub(crate) fn push(&mut self, id: MessageId, body: String, at: UnixMillis) {
        self.messages.push(Outgoing { id, body, at, stage: Stage::Queued });
    }

    /// Puts the messages of an earlier page load before those of this one.
    pub(crate) fn restore(&mut self, unsent: impl Iterator<Item = Unsent>) {
        let known = std::mem::take(&mut self.messages);
        for Unsent { id, body, at, refusal } in unsent {
            if !known.iter().chain(&self.messages).any(|message| message.id == id) {
                let stage = refusal.map_or(Stage::Queued, Stage::Refused);
                self.messages.push(Outgoing { id, body, at, stage });
            }
        }
        self.messages.extend(known);
    }

    pub(crate) fn unsent(&self) -> Vec<Unsent> {
        self.messages.iter().filter_map(Outgoing::unsent).collect()
    }

    pub(crate) fn has_pending(&self) -> bool {
        self.messages.iter().any(Outgoing::is_pending)
    }

    /// Returns the message to send now, if there is one, and counts it as in flight. Only the oldest pending message is
    /// considered, because a later one must not overtake it.
    pub(crate) fn next_to_send(&mut self, now: Option<UnixMillis>) -> Option<(MessageId, String)> {
        let oldest = self.messages.iter_mut().find(|message| message.is_pending())?;
        let due = match &mut oldest.stage {
            Stage::InFlight(wait) => wait.is_over(now),
            Stage::Delayed { until } => now.is_some_and(|now| now >= *until),
            Stage::Queued | Stage::Acked(_) | Stage::Refused(_) => true,
        };
        if !due {
            return None;
        }
        oldest.stage = Stage::InFlight(Wait::since(now));
        Some((oldest.id, oldest.body.clone()))
    }

    /// Returns when `next_to_send` may have a message to send, or None.
    pub(crate) fn deadline(&self) -> Option<UnixMillis> {
        match &self.messages.iter().find(|message| message.is_pending())?.stage {
            Stage::InFlight(wait) => Some(wait.deadline()),
            Stage::Delayed { until } => Some(*until),
            Stage::Queued | Stage::Acked(_) | Stage::Refused(_) => None,
        }
    }

    /// Takes the ack of a message. Returns whether it is the first one.
    pub(crate) fn ack(&mut self, id: MessageId, seq: Seq, at: UnixMillis) -> bool {
        let Some(message) = self.find(id) else { return false };
        if matches!(message.stage, Stage::Acked(_)) {
            return false;
        }
        message.stage = Stage::Acked(seq);
        message.at = at;
        true
    }

    /// Takes the refusal of a message. Returns whether it is final and not only for now.
    pub(crate) fn refuse(&mut self, id: MessageId, refusal: Refusal, moment: &Moment) -> bool {
        let Some(message) = self.find(id) else { return false };
        // A message that is not in flight was answered before; this answers an earlier copy of it.
        if !matches!(message.stage, Stage::InFlight(_)) {
            return false;
        }
        message.stage = stage_after(refusal, moment);
        matches!(message.stage, Stage::Refused(_))
    }

    /// Removes and returns a message that the log has now.
    pub(crate) fn remove(&mut self, id: MessageId) -> Option<Outgoing> {
        let place = self.messages.iter().position(|message| message.id == id)?;
        Some(self.messages.remove(place))
    }

    /// Drops the messages that were acked with a seq up to `head`: the log has them, or has a gap where they are.
    pub(crate) fn remove_acked_up_to(&mut self, head: Seq) {
        self.messages.retain(|message| !matches!(message.stage, Stage::Acked(seq) if seq <= head));
    }

    /// Queues the acked messages again. Their log was replaced, perhaps by one without them; the server knows them by
    /// their ids.
    pub(crate) fn requeue_acked(&mut self) {
        for message in &mut self.messages {
            if matches!(message.stage, Stage::Acked(_)) {
                message.stage = Stage::Queued;
            }
        }
    }

    /// Queues the message in flight again: nobody knows whether it arrived.
    pub(crate) fn disconnected(&mut self) {
        for message in &mut self.messages {
            if matches!(message.stage, Stage::InFlight(_)) {
                message.stage = Stage::Queued;
            }
        }
    }

    /// Queues a refused message again, after all others. Returns whether there was one.
    pub(crate) fn retry(&mut self, id: MessageId) -> bool {
        let Some(mut message) = self.take_refused(id) else { return false };
        message.stage = Stage::Queued;
        self.messages.push(message);
        true
    }

    /// Removes a refused message. Returns whether there was one.
    pub(crate) fn discard(&mut self, id: MessageId) -> bool {
        self.take_refused(id).is_some()
    }

    fn take_refused(&mut self, id: MessageId) -> Option<Outgoing> {
        let is_it = |message: &Outgoing| message.id == id && matches!(message.stage, Stage::Refused(_));
        let place = self.messages.iter().position(is_it)?;
        Some(self.messages.remove(place))
    }

    fn find(&mut self, id: MessageId) -> Option<&mut Outgoing> {
        self.messages.iter_mut().find(|message| message.id == id)
    }
}

impl Outgoing {
    pub(crate) fn is_pending(&self) -> bool {
        match self.stage {
            Stage::Queued | Stage::InFlight(_) | Stage::Delayed { .. } => true,
            Stage::Acked(_) | Stage::Refused(_) => false,
        }
    }

    fn unsent(&self) -> Option<Unsent> {
        let refusal = match &self.stage {
            Stage::Queued | Stage::InFlight(_) | Stage::Delayed { .. } => None,
            Stage::Refused(refusal) => Some(refusal.clone()),
            Stage::Acked(_) => return None,
        };
        Some(Unsent { id: self.id, body: self.body.clone(), at: self.at, refusal })
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
