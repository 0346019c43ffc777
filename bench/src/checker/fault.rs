//! The kinds of faults of a delivery. The checker finds them, and the report prints them.

use hubbub_protocol::Seq;
use thiserror::Error;

/// One broken promise. Receivers are numbered in the order in which they were connected.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum Fault {
    #[error("receiver {receiver} never got change {seq}")]
    Lost { receiver: usize, seq: Seq },
    #[error("receiver {receiver} got change {seq} more than once")]
    Doubled { receiver: usize, seq: Seq },
    #[error("receiver {receiver} got change {seq} after a later one")]
    Swapped { receiver: usize, seq: Seq },
    #[error("receiver {receiver} got as change {seq} what was not posted, or not what the others got")]
    Foreign { receiver: usize, seq: Seq },
    #[error("operation {number} is in the log twice, as {first} and {second}")]
    LoggedTwice { number: u64, first: Seq, second: Seq },
    #[error("operation {number} was sent and reached no one")]
    Vanished { number: u64 },
    #[error("change {seq} was acknowledged as one operation and delivered as another, or not at all")]
    AckedAsAnother { seq: Seq },
    #[error("{missing} operations were never acknowledged")]
    Unacknowledged { missing: usize },
    #[error("the sync engine of receiver {receiver} does not believe what the log says: {belief}")]
    Misbelieved { receiver: usize, belief: String },
}
