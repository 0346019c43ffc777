//! The ways a client can ask "what comes after my number?". Each reads the same feed and holds the same conversation;
//! none of them knows a rule of the chat.
//!
//! - [`bye`]: the last frame of a connection, the same for every transport
//! - [`conversation`]: what is done with what a client says, the same for every transport
//! - [`poll`]: long polling and polling: a request is answered with what there is, at once or when it comes
//! - [`stream`]: a page that never ends, for browsers without script
//! - [`upgrade`]: a TCP connection that a request asks to take over
//! - [`websocket`]: answers are pushed for as long as the socket lives
//! - [`welcome`]: what a client is told first, the same for every transport

mod bye;
mod conversation;
pub mod poll;
pub mod stream;
mod upgrade;
pub mod websocket;
mod welcome;

pub use upgrade::{Upgrade, Upgraded};
