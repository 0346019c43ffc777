//! The WebSocket transport (RFC 6455): one connection that pushes.
//!
//! - [`upgrade`]: from an HTTP request to a socket, or a refusal
//! - [`echo`]: a socket that is only there to see whether sockets pass
//! - [`connection`]: what one connection does all day
//! - [`end`]: how it ends
//! - [`socket`]: messages in, frames out
//! - [`stream`]: the TCP stream under it, shared by who reads and who writes
//! - [`violations`]: how many frames had to be refused

mod connection;
mod echo;
mod end;
mod socket;
mod stream;
mod upgrade;
mod violations;

pub use echo::{PROBE_SUBPROTOCOL, asks_for_echo, echo};
// For the fuzzer and its seeds.
#[doc(hidden)]
pub use socket::{Said, Socket};
pub use upgrade::upgrade;
