//! The address of a room's page. Called by whatever links or redirects to a room.

use axum::http::Uri;
use hubbub_protocol::{MessageId, Slug};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// A slug has letters and digits of any script, and hyphens.
const NOT_IN_A_PATH: AsciiSet = NON_ALPHANUMERIC.remove(b'-');

/// The path of a room's page, such as `/rooms/lobby`.
pub(in crate::http) fn room_path(slug: &Slug) -> String {
    format!("/rooms/{}", encoded(slug))
}

/// The same path as a URI.
pub(in crate::http) fn room_uri(slug: &Slug) -> Uri {
    room_path(slug).parse().unwrap_or_else(|_| Uri::from_static("/rooms/lobby"))
}

/// The path of a message's own page as a URI.
pub(in crate::http) fn message_uri(slug: &Slug, message: MessageId) -> Uri {
    format!("{}/messages/{message}", room_path(slug)).parse().unwrap_or_else(|_| room_uri(slug))
}

/// A slug as it stands in a path or in a query.
pub(in crate::http) fn encoded(slug: &Slug) -> String {
    utf8_percent_encode(slug.as_str(), &NOT_IN_A_PATH).to_string()
}
