//! Hubbub's sync engine without I/O: time, random bytes and frames go in; frames to send and the state to show come out.
//! The browser app and the benchmark use it. It knows no socket, clock, browser or thread.
//!
//! - [`engine`], `acts`, `reads`, `receive`: the object that callers hold: its life, what people do, its state, its frames
//! - [`connection`], `backoff`: the state of the connection, and when to reconnect
//! - `rooms`, `room`: the rooms, and one room: whether it is joined, and which requests are due;
//!   `resumed_rows`: rows that wait until all of them are there
//! - [`timeline`]: what a room shows; [`outbox`]: operations on their way to the server
//! - [`log_order`]: the rule of order: a seq is applied if it is the next one
//! - [`hints`]: who is present and who is typing
//! - [`moment`], [`effects`]: time and random bytes of one call; actions for the transport and updates for the views

mod acts;
mod backoff;
pub mod connection;
pub mod effects;
pub mod engine;
pub mod hints;
pub mod log_order;
pub mod moment;
pub mod outbox;
mod reads;
mod receive;
mod resumed_rows;
mod room;
mod rooms;
pub mod timeline;

pub use connection::{ConnectionState, NetworkState};
pub use effects::{Action, Update};
pub use engine::Engine;
pub use hints::Presence;
pub use log_order::{LogOrder, SeqOrder};
pub use moment::Moment;
pub use outbox::outgoing::Unsent;
pub use timeline::log::ReadingPlace;
pub use timeline::view::{Deletion, MessageState, MessageView, Problem, QuoteView, ReactionView};
pub use timeline::{Entry, Gap, GapEnd, ThreadView, Timeline};
