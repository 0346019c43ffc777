//! Checks that every receiver got every message, in order and once. Crowds call it. It knows no sockets and no clock.
//!
//! - [`log`]: the one log that all receivers must agree on, with each change as its first receiver got it
//! - [`receiver`]: the position of one receiver, and its events that arrived out of order
//! - [`fault`]: the kinds of faults

mod fault;
mod log;
mod receiver;
#[cfg(test)]
mod tests;

pub(crate) use fault::Fault;
pub(crate) use log::{Content, Expected, Log, ReceivedChange, SentAs};
pub(crate) use receiver::Receiver;
