//! Accepts TCP connections and serves HTTP on them. Nothing else in the server names hyper.
//!
//! - [`accept`]: binds the port, and accepts connections until the server stops
//! - [`connection`]: hyper and its limits, for one connection
//! - [`activity`]: the deadline by which a connection must do something
//! - [`tracked_body`]: response bodies, as far as that deadline depends on them
//! - [`timed_stream`]: the TCP stream, with a timeout for writes

mod accept;
mod activity;
mod connection;
#[cfg(test)]
mod tests;
mod timed_stream;
mod tracked_body;

pub use accept::{bind, serve};
