//! `GET /probe/cookie` sets a cookie with the attributes of the session's, and says when a request carries it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use super::super::{PublicOrigin, Site};

/// The path of this endpoint.
pub const COOKIE_PATH: &str = "/probe/cookie";
/// The cookie's name. If the public origin is HTTPS, the name has the prefix `__Host-`, as the session's cookie has.
pub const COOKIE: &str = "hubbub_probe";
/// The response body when the request carries the cookie.
pub const COOKIE_RECEIVED: &str = "The request has the cookie.\n";

/// Returns [`COOKIE_RECEIVED`] if the request carries the cookie; else a response that sets the cookie for a minute.
pub(super) async fn answer(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    let is_https = site.public_origin.as_ref().is_some_and(PublicOrigin::is_https);
    let (prefix, secure) = if is_https { ("__Host-", "; Secure") } else { ("", "") };
    let pair = format!("{prefix}{COOKIE}=here");
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    if values.flat_map(|value| value.split(';')).any(|cookie| cookie.trim() == pair) {
        return COOKIE_RECEIVED.into_response();
    }
    let cookie = format!("{pair}; Path=/; HttpOnly; SameSite=Lax; Max-Age=60{secure}");
    ([(header::SET_COOKIE, cookie)], "The response sets the cookie.\n").into_response()
}
