//! Frames to JSON text and back. The only module that names the format; transports call it.
//!
//! - `text`: what other crates call
//! - `json`, `json_in_browser`: JSON text to values, by serde_json or by the browser
//! - `depth`: how deep a JSON text is nested
//! - `error`: why a text was not decoded

mod depth;
mod error;
#[cfg(not(target_arch = "wasm32"))]
mod json;
#[cfg(target_arch = "wasm32")]
#[path = "json_in_browser.rs"]
mod json;
#[cfg(test)]
mod tests;
mod text;

pub use error::DecodeError;
pub use text::{
    decode, decode_client, decode_server, encode, encode_client, encode_event, encode_server, join_events,
    n_rooms_that_fit, newest_that_fit,
};
