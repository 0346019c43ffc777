//! What a member has sent in a room and the log does not show yet, in the order it was sent. The timeline shows it
//! and its room sends it: one message at a time, so that the server's order is this order. It knows no frames.

use std::time::Duration;

use hubbub_protocol::{MessageId, Refusal, Seq, UnixMillis};

use crate::moment::{Moment, Wait, ms};

/// How long to wait, on average, after a refusal that passes by itself and does not say how long it takes.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// A message that has not reached the log, as it is kept over a reload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// Its name, minted when it was sent.
    pub id: MessageId,
    /// Its text.
    pub body: String,
    /// When it was sent, by this client's clock.
    pub at: UnixMillis,
    /// Why the server refused it; none while it is pending.
    pub refusal: Option<Refusal>,
}

/// A message on its way.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) id: MessageId,
    pub(crate) body: String,
    pub(crate) at: UnixMillis,
    pub(crate) stage: Stage,
}

/// How far it has come.
#[derive(Debug)]
pub(crate) enum Stage {
    Queued,
    InFlight(Wait),
    Delayed { until: UnixMillis },
    Acked(Seq),
    Refused(Refusal),
}

/// The messages on their way, oldest first. Bounded by what a person types; nothing else adds to it.
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

    /// Puts back what an earlier page load left, before what this one has added.
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

    /// The message to send now, if there is one; it counts as in flight. Only the oldest pending one comes into
    /// question: a later one must not overtake it.
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

    /// When `next_to_send` may have one that it has not now.
    pub(crate) fn deadline(&self) -> Option<UnixMillis> {
        match &self.messages.iter().find(|message| message.is_pending())?.stage {
            Stage::InFlight(wait) => Some(wait.deadline()),
            Stage::Delayed { until } => Some(*until),
            Stage::Queued | Stage::Acked(_) | Stage::Refused(_) => None,
        }
    }

    /// The server has stored it. True when that is news.
    pub(crate) fn ack(&mut self, id: MessageId, seq: Seq, at: UnixMillis) -> bool {
        let Some(message) = self.find(id) else { return false };
        if matches!(message.stage, Stage::Acked(_)) {
            return false;
        }
        message.stage = Stage::Acked(seq);
        message.at = at;
        true
    }

    /// The server has not stored it, or can't say. True when it is refused for good, and not only for now.
    pub(crate) fn refuse(&mut self, id: MessageId, refusal: Refusal, moment: &Moment) -> bool {
        let Some(message) = self.find(id) else { return false };
        // Anything else is the answer to an earlier copy, and what came since then counts.
        if !matches!(message.stage, Stage::InFlight(_)) {
            return false;
        }
        message.stage = stage_after(refusal, moment);
        matches!(message.stage, Stage::Refused(_))
    }

    /// The log shows it now. Gives back what it was.
    pub(crate) fn remove(&mut self, id: MessageId) -> Option<Outgoing> {
        let place = self.messages.iter().position(|message| message.id == id)?;
        Some(self.messages.remove(place))
    }

    /// Drops what was acked and lies at or before `head`: the log shows it, or will once the gap it is in is filled.
    pub(crate) fn remove_acked_up_to(&mut self, head: Seq) {
        self.messages.retain(|message| !matches!(message.stage, Stage::Acked(seq) if seq <= head));
    }

    /// The log that acked them is gone, so that they may be too: the server knows by their ids.
    pub(crate) fn requeue_acked(&mut self) {
        for message in &mut self.messages {
            if matches!(message.stage, Stage::Acked(_)) {
                message.stage = Stage::Queued;
            }
        }
    }

    /// What was in flight may or may not have arrived: it goes first on the next connection.
    pub(crate) fn disconnected(&mut self) {
        for message in &mut self.messages {
            if matches!(message.stage, Stage::InFlight(_)) {
                message.stage = Stage::Queued;
            }
        }
    }

    /// Sends a refused one anew, behind all that was sent in the meantime. True when there was one.
    pub(crate) fn retry(&mut self, id: MessageId) -> bool {
        let Some(mut message) = self.take_refused(id) else { return false };
        message.stage = Stage::Queued;
        self.messages.push(message);
        true
    }

    /// Forgets a refused one. True when there was one.
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
