//! Whether every receiver got every message, in order and once. Crowds feed it; it knows no sockets and no clock.
//!
//! - [`log`]: the one log that all receivers must agree on, learnt from the first who hears each event
//! - [`receiver`]: how far one receiver is, and everything that it got out of turn
//! - [`fault`]: what went wrong, by name

mod fault;
mod log;
mod receiver;
#[cfg(test)]
mod tests;

pub(crate) use fault::Fault;
pub(crate) use log::{Heard, Log};
pub(crate) use receiver::Receiver;
