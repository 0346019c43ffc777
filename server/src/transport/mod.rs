//! The transports: each sends the events of a client's rooms, beginning after the client's cursors. All transports read
//! the same feed. WebSockets and polls handle frames in the same way. No transport knows a rule of the chat.
//!
//! - [`bye`]: the last frame of a connection, the same for every transport
//! - [`frame_handler`]: handles the frames of one client, for WebSockets and polls
//! - [`poll`]: long polling and polling: each request gets the next frames in its response
//! - [`stream`]: an HTML document that stays open, for browsers without script
//! - [`upgrade`]: the TCP connection of a request that asks to leave HTTP
//! - [`websocket`]: sends each frame over a connection that stays open

mod bye;
mod frame_handler;
pub mod poll;
pub mod stream;
mod upgrade;
pub mod websocket;

pub use upgrade::{Upgrade, Upgraded};
