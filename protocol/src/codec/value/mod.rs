//! A parsed JSON value, whoever parses it: serde_json on a machine, the browser itself in a browser, which has a parser
//! already and need not load another. Both say the same by the same functions. A field that is null counts as missing.

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(not(target_arch = "wasm32"))]
mod machine;

#[cfg(target_arch = "wasm32")]
pub(super) use browser::{Value, field, integer, items, parse, text};
#[cfg(not(target_arch = "wasm32"))]
pub(super) use machine::{Value, field, integer, items, parse, text};
