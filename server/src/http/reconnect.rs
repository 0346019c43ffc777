//! The reconnect page: it holds the frame with the log, for browsers without script, and loads the log again when the log's
//! response has ended or failed.
//!
//! That must work while there is no server, or the first failed attempt would be the last. So browsers cache the page. A
//! page that reloads its own address is fetched again even if it is fresh (Chromium), but the target of a cached redirect is
//! not: the page's `Refresh` header names an address that redirects to the page. The room's page loads that address first,
//! so that both are in the cache from the beginning.

use axum::extract::{OriginalUri, Path, Query};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use hubbub_app::log_keeper;
use hubbub_protocol::Slug;
use serde::Deserialize;

use super::assets;
use super::pages::room_path;

/// In seconds, after the log has ended. Chromium makes an entry in the history of each reload that comes later.
const RELOAD_AFTER_S: u32 = 1;

/// 30 days: a tab may be left alone for that long. The page is the same for everyone, and names nobody.
const CACHED: &str = "private, max-age=2592000, immutable";

/// The policy of the page: it holds a frame of ours, and only pages of ours may frame it.
const POLICY: &str = "default-src 'none'; style-src 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; \
                      form-action 'none'";

/// The cursor from which the log goes on.
#[derive(Deserialize)]
pub(super) struct ReconnectQuery {
    epoch: u64,
    after: u64,
}

/// `GET /rooms/{slug}/again`: redirects to the page.
pub(super) async fn redirect(Path(slug): Path<String>, OriginalUri(uri): OriginalUri) -> Response {
    let to = format!("{}/keeper?{}", room(slug), uri.query().unwrap_or_default());
    ([(header::CACHE_CONTROL, CACHED)], Redirect::temporary(&to)).into_response()
}

/// `GET /rooms/{slug}/keeper`: the page, around the log after a cursor. Only the log says whether there is such a room.
pub(super) async fn page(
    Path(slug): Path<String>,
    OriginalUri(uri): OriginalUri,
    Query(ReconnectQuery { epoch, after }): Query<ReconnectQuery>,
) -> Response {
    let room = room(slug);
    let html = log_keeper(assets::root(), &format!("{room}/live?epoch={epoch}&after={after}"));
    let refresh = format!("{RELOAD_AFTER_S};url={room}/again?{}", uri.query().unwrap_or_default());
    let Ok(refresh) = HeaderValue::try_from(refresh) else { return StatusCode::BAD_REQUEST.into_response() };
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static(CACHED)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN")),
        (header::REFRESH, refresh),
    ];
    (headers, Html(html)).into_response()
}

fn room(slug: String) -> String {
    room_path(&Slug::from(slug))
}
