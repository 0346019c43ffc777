//! One operation on its way to the server, and what of it is kept across a reload. The outbox holds the operations.

use hubbub_protocol::{MessageId, OpId, Operation, Refusal, Seq, UnixMillis};

use crate::moment::Wait;

/// An operation without an ack, as it is kept across a reload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// The operation's id, minted when the person acted.
    pub op: OpId,
    /// What to do.
    pub what: Operation,
    /// When the person acted, by this client's clock.
    pub at: UnixMillis,
    /// Why the server refused it, or None while it is pending.
    pub refusal: Option<Refusal>,
    /// Whether it was sent, so that the server may have it. Then it must not be changed.
    pub was_sent: bool,
}

/// An operation that the room's messages don't show yet.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) op: OpId,
    pub(crate) what: Operation,
    /// When the person acted; once the operation is acked, when the server received it.
    pub(crate) at: UnixMillis,
    pub(crate) stage: Stage,
    pub(crate) was_sent: bool,
}

/// How far an operation has come.
#[derive(Debug)]
pub(crate) enum Stage {
    Queued,
    InFlight(Wait),
    Delayed {
        until: UnixMillis,
    },
    /// The change of this seq shows what the operation did.
    Acked(Seq),
    Refused(Refusal),
}

/// Operations of one lane are sent one after the other, so that the server carries them out in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    Posts,
    Message(MessageId),
    Room,
}

impl Outgoing {
    pub(crate) fn new(op: OpId, what: Operation, at: UnixMillis) -> Self {
        Self { op, what, at, stage: Stage::Queued, was_sent: false }
    }

    pub(crate) fn restored(unsent: Unsent) -> Self {
        let Unsent { op, what, at, refusal, was_sent } = unsent;
        Self { op, what, at, stage: refusal.map_or(Stage::Queued, Stage::Refused), was_sent }
    }

    pub(crate) fn unsent(&self) -> Option<Unsent> {
        let refusal = match &self.stage {
            Stage::Queued | Stage::InFlight(_) | Stage::Delayed { .. } => None,
            Stage::Refused(refusal) => Some(refusal.clone()),
            Stage::Acked(_) => return None,
        };
        Some(Unsent { op: self.op, what: self.what.clone(), at: self.at, refusal, was_sent: self.was_sent })
    }

    pub(crate) fn lane(&self) -> Lane {
        match &self.what {
            Operation::Post { .. } => Lane::Posts,
            Operation::Edit { message, .. }
            | Operation::Delete { message }
            | Operation::React { message, .. }
            | Operation::Pin { message, .. } => Lane::Message(*message),
            Operation::Describe { .. } | Operation::Unknown => Lane::Room,
        }
    }

    pub(crate) fn is_post(&self) -> bool {
        matches!(self.what, Operation::Post { .. })
    }

    /// Returns whether it is the post of this message.
    pub(crate) fn posts(&self, message: MessageId) -> bool {
        self.is_post() && MessageId::from(self.op) == message
    }

    /// Returns whether it changes this message, which another operation posted.
    pub(crate) fn changes(&self, message: MessageId) -> bool {
        self.lane() == Lane::Message(message)
    }

    pub(crate) fn is_pending(&self) -> bool {
        match self.stage {
            Stage::Queued | Stage::InFlight(_) | Stage::Delayed { .. } => true,
            Stage::Acked(_) | Stage::Refused(_) => false,
        }
    }

    pub(crate) fn is_refused(&self) -> bool {
        matches!(self.stage, Stage::Refused(_))
    }

    /// Returns whether the operation shows at its message: it is pending, or acked and its change has not come yet.
    pub(crate) fn is_shown(&self) -> bool {
        !self.is_refused()
    }

    /// Returns whether a later operation may take its place: the server can't have it, or has refused it.
    pub(crate) fn is_replaceable(&self) -> bool {
        self.is_refused() || self.is_pending() && !self.was_sent
    }
}
