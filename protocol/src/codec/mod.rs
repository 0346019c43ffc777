//! Frames to JSON text and back. The only room that names the format; transports call it, nothing else does.
//!
//! - `text`: what others call
//! - `read`: frames out of values
//! - `json`: what frames are made of
//! - `value`: a parsed value, by serde_json or by the browser

mod json;
mod read;
#[cfg(test)]
mod tests;
mod text;
mod value;

pub use text::{
    DecodeError, decode_client, decode_server, encode_client, encode_event, encode_server, join_events,
    n_rooms_that_fit, newest_that_fit,
};
