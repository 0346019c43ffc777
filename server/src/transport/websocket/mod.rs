//! The WebSocket transport (RFC 6455): the server sends each event over a connection that stays open.
//!
//! - [`upgrade`]: the handshake, which turns an HTTP request into a WebSocket or refuses it
//! - [`echo`]: a WebSocket that echoes messages, for the doctor
//! - [`connection`]: the task of one connection
//! - [`end`]: the ways in which a connection ends
//! - [`socket`]: receives messages and sends frames
//! - [`stream`]: the TCP stream of a WebSocket, shared by its reader and its writers
//! - [`violations`]: counts the client's frames that were refused

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
pub use socket::{Socket, SocketEvent};
pub use upgrade::upgrade;
