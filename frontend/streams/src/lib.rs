//! Stands in for the crate `wasm-streams`, by `[patch]` in Cargo.toml. Leptos's server functions name it, Hubbub has
//! none of those, and what it exports to JavaScript can't be left out by the linker: 4 kB of what a first visit loads.
//! It has the names that `server_fn` calls; what they would do is never done.

use futures_util::stream::{Empty, Stream, empty};
use wasm_bindgen::JsValue;

/// A stream between JavaScript and Rust, as `server_fn` sees it.
pub struct ReadableStream(web_sys::ReadableStream);

impl ReadableStream {
    /// Takes a stream of the browser's.
    #[must_use]
    pub fn from_raw(raw: web_sys::ReadableStream) -> Self {
        Self(raw)
    }

    /// Gives it back.
    #[must_use]
    pub fn into_raw(self) -> web_sys::ReadableStream {
        self.0
    }

    /// Would hand a stream to the browser.
    pub fn from_stream(_: impl Stream<Item = Result<JsValue, JsValue>> + 'static) -> Self {
        unreachable!("Hubbub has no server functions")
    }

    /// Would read what the browser's stream brings.
    #[must_use]
    pub fn into_stream(self) -> Empty<Result<JsValue, JsValue>> {
        empty()
    }
}
