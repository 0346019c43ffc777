//! The WebSocket transport (RFC 6455): one connection that pushes.
//!
//! - [`upgrade`]: from an HTTP request to a socket, or a refusal
//! - [`connection`]: what one connection does all day
//! - [`socket`]: messages in, frames out
//! - [`strikes`]: patience with a client that says what must be refused
//! - [`stream`]: the TCP stream under it, shared by who reads and who writes

mod connection;
mod socket;
mod stream;
mod strikes;
mod upgrade;

pub use upgrade::upgrade;
