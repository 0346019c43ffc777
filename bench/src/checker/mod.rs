//! Checks that every receiver got every message, in order and once. Crowds call it. It knows no sockets and no clock.
//!
//! - [`log`]: the one log that all receivers must agree on, with each change as its first receiver got it
//! - [`receiver`]: the position of one receiver, and its events that arrived out of order
//! - [`change`]: a change as a receiver got it
//! - [`fault`]: the kinds of faults

mod change;
mod fault;
mod log;
mod receiver;
#[cfg(test)]
mod tests;

pub(crate) use change::{Content, ReceivedChange};
pub(crate) use fault::Fault;
pub(crate) use log::{Expected, Log, SentAs};
pub(crate) use receiver::Receiver;
