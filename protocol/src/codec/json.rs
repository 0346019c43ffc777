//! JSON by serde_json. Called by `text`, on every machine that is no browser.

use serde::de::DeserializeOwned;

use super::error::DecodeError;

pub(super) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, DecodeError> {
    serde_json::from_str(text)
        .map_err(|error| if error.is_data() { DecodeError::BadFrame } else { DecodeError::NotJson })
}
