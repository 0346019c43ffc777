//! Why a text was not decoded. Used by the whole codec.

use thiserror::Error;

use crate::refusal::Refusal;

/// Why a text is not a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// Not JSON, or nested deeper than [`crate::limits::MAX_JSON_DEPTH`].
    #[error("not JSON")]
    NotJson,
    /// JSON, but a field of its variant is missing or has a value of another type.
    #[error("not of the shape that its name asks for")]
    BadFrame,
}

impl From<DecodeError> for Refusal {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::NotJson => Self::NotJson,
            DecodeError::BadFrame => Self::BadFrame,
        }
    }
}
