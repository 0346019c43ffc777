//! A refusal as HTTP says it. The one place where the two meet.

use std::time::Duration;

use axum::http::StatusCode;
use hubbub_protocol::Refusal;

/// The status that goes with a refusal.
pub(super) fn status_of(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::Empty
        | Refusal::TooLong { .. }
        | Refusal::ForbiddenCharacter
        | Refusal::NameTaken { .. }
        | Refusal::Conflict => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::NotFound => StatusCode::NOT_FOUND,
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

/// When it is worth trying again, of a refusal that knows.
pub(super) fn retry_after(refusal: &Refusal) -> Option<Duration> {
    let Refusal::RateLimited { retry_after_ms } = refusal else { return None };
    Some(Duration::from_millis(*retry_after_ms))
}
