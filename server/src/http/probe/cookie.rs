//! A cookie like the session's, which is set, and read back when it returns: `GET /probe/cookie`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use super::super::{PublicOrigin, Site};

/// Where it is set and read.
pub const COOKIE_PATH: &str = "/probe/cookie";
/// The end of its name: over HTTPS the session's prefix stands before it.
pub const COOKIE: &str = "hubbub_probe";
/// What is answered when it returned.
pub const CAME_BACK: &str = "The cookie came back.\n";

pub(super) async fn answer(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    let is_https = site.public_origin.as_ref().is_some_and(PublicOrigin::is_https);
    let (prefix, secure) = if is_https { ("__Host-", "; Secure") } else { ("", "") };
    let pair = format!("{prefix}{COOKIE}=here");
    let said = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    if said.flat_map(|value| value.split(';')).any(|said| said.trim() == pair) {
        return CAME_BACK.into_response();
    }
    let cookie = format!("{pair}; Path=/; HttpOnly; SameSite=Lax; Max-Age=60{secure}");
    ([(header::SET_COOKIE, cookie)], "It is set.\n").into_response()
}
