//! Hubbub's sync engine without I/O: time, random bytes and frames go in; frames to send and the state to show come out.
//! The browser app and the benchmark use it. It knows no socket, clock, browser or thread.
//!
//! - [`engine`]: the object that callers hold; it passes each call to the module that handles it
//! - `receive`: passes each frame of the server to the module that handles it
//! - `queries`: the engine's state, for views to read
//! - [`connection`], `backoff`: the state of the connection, and when to reconnect
//! - `rooms`, `room`: the rooms, and one room: whether it is joined, and which requests are open
//! - [`timeline`]: the messages that a room shows: those of the `log` and then those of the [`outbox`]
//! - [`log_order`]: the rule of order: a seq is applied if it is the next one
//! - [`hints`]: who is present and who is typing
//! - [`moment`]: the time and the random bytes of one call
//! - [`effects`]: actions for the transport and changes for the views

mod backoff;
pub mod connection;
pub mod effects;
pub mod engine;
pub mod hints;
mod log;
pub mod log_order;
pub mod moment;
pub mod outbox;
mod queries;
mod receive;
mod room;
mod rooms;
pub mod timeline;

pub use connection::{ConnectionState, NetworkState};
pub use effects::{Action, Change};
pub use engine::Engine;
pub use hints::Presence;
pub use log_order::{LogOrder, SeqOrder};
pub use moment::Moment;
pub use outbox::Unsent;
pub use timeline::{Entry, MessageState, MessageView, Timeline};
