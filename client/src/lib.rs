//! Hubbub's sync engine, sans I/O: time, chance and frames come in; frames to send and what to believe come out.
//! Used by the browser app and the benchmark; knows no socket, clock, browser or thread.
//!
//! - [`engine`]: the one object that callers hold; it hands each call to the part that it is about
//! - `receive`: the same for each frame of the server; `beliefs`: what it believes, to be read
//! - [`connection`], `backoff`: whether there is a connection, and when to try for the next
//! - `rooms`, `room`: the followed rooms, and one of them: whether it is joined, and what is asked for in it
//! - [`timeline`]: what a room shows: `log` (what the server numbered) and then [`outbox`] (what it has not yet)
//! - [`log_order`]: the one rule of order: +1 or not
//! - [`hints`]: who is here and who is typing
//! - [`moment`]: time and chance, as a caller brings them
//! - [`effects`]: what the engine wants done and looked at

mod backoff;
mod beliefs;
pub mod connection;
pub mod effects;
pub mod engine;
pub mod hints;
mod log;
pub mod log_order;
pub mod moment;
pub mod outbox;
mod receive;
mod room;
mod rooms;
pub mod timeline;

pub use connection::{Connection, Network};
pub use effects::{Action, Change};
pub use engine::Engine;
pub use hints::Presence;
pub use log_order::{LogOrder, Step};
pub use moment::Moment;
pub use outbox::Unsent;
pub use timeline::{Entry, MessageState, MessageView, Timeline};
