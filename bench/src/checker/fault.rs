//! The kinds of faults of a delivery. The checker finds them, and the report prints them.

use hubbub_protocol::Seq;
use thiserror::Error;

/// One broken promise. Receivers are numbered in the order in which they were connected.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum Fault {
    #[error("receiver {receiver} never got event {seq}")]
    Lost { receiver: usize, seq: Seq },
    #[error("receiver {receiver} got event {seq} more than once")]
    Doubled { receiver: usize, seq: Seq },
    #[error("receiver {receiver} got event {seq} after a later one")]
    Swapped { receiver: usize, seq: Seq },
    #[error("receiver {receiver} got as event {seq} what was not posted, or not what the others got")]
    Foreign { receiver: usize, seq: Seq },
    #[error("message {number} is in the log twice, as {first} and {second}")]
    LoggedTwice { number: u64, first: Seq, second: Seq },
    #[error("message {number} was posted and reached no one")]
    Vanished { number: u64 },
    #[error("event {seq} was acknowledged as one message and delivered as another, or not at all")]
    AckedAsAnother { seq: Seq },
    #[error("{missing} posts were never acknowledged")]
    Unacknowledged { missing: usize },
    #[error("the sync engine of receiver {receiver} does not believe what the log says: {belief}")]
    Misbelieved { receiver: usize, belief: String },
}
