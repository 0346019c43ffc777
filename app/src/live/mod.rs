//! The sync engine in the browser. [`driver`] is a task that owns it; the island starts the task and gives it the signals
//! that it sets and the channel of commands that it receives. Runs in a browser only, and knows no view.
//!
//! - [`driver`]: the task; [`connect`]: its side of the connection; [`display`]: its side of the screen
//! - [`channels`]: what goes into the driver and into a transport
//! - [`transports`]: the transports of the driver; [`transport`]: one of them, by [`socket`] or by [`polling`] with a
//!   [`request`] for each
//! - [`ladder`]: which transport to use
//! - [`seen_rooms`]: the messages that the reader has seen in each room
//! - [`outbox`]: the unsent messages, which survive a reload; [`stored_operation`]: the text of each in localStorage

mod channels;
mod connect;
mod display;
mod driver;
mod ladder;
mod outbox;
mod polling;
mod request;
pub(crate) mod same_name;
mod seen_rooms;
mod socket;
mod stored_operation;
mod transport;
mod transports;

pub(crate) use driver::start;
