//! JSON by the browser's own `JSON.parse`. Called by `text`, in WebAssembly, where it saves the bytes of a second parser.

use js_sys::JSON;
use serde::de::DeserializeOwned;

use super::error::DecodeError;

pub(super) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, DecodeError> {
    let value = JSON::parse(text).map_err(|_| DecodeError::NotJson)?;
    serde_wasm_bindgen::from_value(value).map_err(|_| DecodeError::BadFrame)
}
