//! The WebSocket transport (RFC 6455): one connection that pushes.
//!
//! - [`upgrade`]: from an HTTP request to a socket, or a refusal
//! - [`connection`]: what one connection does all day
//! - [`socket`]: messages in, frames out

mod connection;
mod socket;
mod upgrade;

pub use upgrade::upgrade;
