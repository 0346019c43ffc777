//! Frames to JSON text and back. The only module that names the format; transports call it.
//!
//! - `text`: what other crates call
//! - `fit`: pages, rows and answers cut to the size of a frame
//! - `json`, `json_in_browser`: JSON text to values, by serde_json or by the browser
//! - `depth`: how deep a JSON text is nested
//! - `error`: why a text was not decoded
//! - `welcome`: the frame that begins a connection, its rooms encoded once for many

mod depth;
mod error;
mod fit;
#[cfg(not(target_arch = "wasm32"))]
mod json;
#[cfg(target_arch = "wasm32")]
#[path = "json_in_browser.rs"]
mod json;
#[cfg(test)]
mod tests;
mod text;
mod welcome;

pub use error::DecodeError;
pub use fit::{KeptEnd, fit_page, fit_reactors, fit_revisions, n_messages_that_fit};
pub use text::{
    decode, decode_client, decode_server, encode, encode_change, encode_client, encode_server, join_changes,
};
pub use welcome::WelcomeRooms;
