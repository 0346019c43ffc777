//! JSON by serde_json. Called by `text`, on every machine that is no browser.

use serde::de::{DeserializeOwned, IgnoredAny};

use super::error::DecodeError;

pub(super) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, DecodeError> {
    serde_json::from_str(text).map_err(|_| why_not(text))
}

/// The kind of serde_json's error doesn't answer this: a list with more items than a struct has fields is a "trailing
/// character" to it, and a wrong value before a missing bracket is the only error that it reports.
fn why_not(text: &str) -> DecodeError {
    let is_json = serde_json::from_str::<IgnoredAny>(text).is_ok();
    if is_json { DecodeError::BadFrame } else { DecodeError::NotJson }
}
