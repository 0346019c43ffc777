//! Frames to JSON text and back. The only room that names the format; transports call it, nothing else does.
//!
//! - `text`: what others call
//! - `json`: what a value is made of
//! - `read`: frames out of values

mod json;
mod read;
#[cfg(test)]
mod tests;
mod text;

pub use text::{
    DecodeError, decode_client, decode_server, encode_client, encode_event, encode_server, join_events, newest_that_fit,
};
