//! Maps each refusal to an HTTP status and `Retry-After`. Only this file does so.

use axum::http::{HeaderValue, StatusCode};
use hubbub_protocol::Refusal;

/// Returns the status of a refusal.
pub(super) fn status_of(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::Empty
        | Refusal::TooLong { .. }
        | Refusal::ForbiddenCharacter
        | Refusal::NameTaken { .. }
        | Refusal::RoomNameTaken
        | Refusal::NotAnEmoji
        | Refusal::TooManyReactions { .. }
        | Refusal::TooManyPins { .. }
        | Refusal::Conflict => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::NotFound | Refusal::NoSuchMessage => StatusCode::NOT_FOUND,
        Refusal::NotYours => StatusCode::FORBIDDEN,
        Refusal::Gone => StatusCode::GONE,
        Refusal::SignedOut => StatusCode::UNAUTHORIZED,
        Refusal::RateLimited { .. } | Refusal::TooManyConnections | Refusal::TooManyRooms => {
            StatusCode::TOO_MANY_REQUESTS
        }
        Refusal::Busy | Refusal::UnknownOutcome => StatusCode::SERVICE_UNAVAILABLE,
        Refusal::ReadOnly => StatusCode::INSUFFICIENT_STORAGE,
        Refusal::NotJson | Refusal::BadFrame | Refusal::UnknownType | Refusal::HelloExpected | Refusal::HelloTwice => {
            StatusCode::BAD_REQUEST
        }
        Refusal::Internal | Refusal::Unknown => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Returns the value of `Retry-After` for a refusal with a time: whole seconds (RFC 9110, section 10.2.3), rounded up.
pub(super) fn retry_after(refusal: &Refusal) -> Option<HeaderValue> {
    let Refusal::RateLimited { retry_after_ms } = refusal else { return None };
    Some(HeaderValue::from(retry_after_ms.div_ceil(1_000)))
}
