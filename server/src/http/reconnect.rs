//! The reconnect page, for browsers without script. It has a frame with the room's log, and reloads itself when the
//! response with the log has ended or failed.
//!
//! The reload must work while the server is stopped; otherwise the browser shows an error page of its own, which never
//! reloads. So browsers cache the reconnect page. Chromium requests a page that reloads its own address from the server
//! even if the cached page is fresh, but it uses the cache for the target of a cached redirect. So the page's `Refresh`
//! header names an address that redirects to the page. The room's page loads that address first, so that both responses
//! are in the cache from the beginning.

use axum::extract::{OriginalUri, Path, Query};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use hubbub_app::reconnect_page;
use hubbub_protocol::Slug;
use serde::Deserialize;

use super::assets;
use super::pages::room_path;

/// The time in seconds between the end of the log and the reload. Chromium adds a reload that comes later to the history.
const RELOAD_AFTER_S: u32 = 1;

/// 30 days: a tab may stay open that long. The page is the same for everyone and contains no personal data.
const CACHE_CONTROL: &str = "private, max-age=2592000, immutable";

/// The content security policy of the page: it may have a frame with a page of this site, and only pages of this site may
/// frame it.
const POLICY: &str = "default-src 'none'; style-src 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; \
                      form-action 'none'";

/// The cursor after which the log begins.
#[derive(Deserialize)]
pub(super) struct ReconnectQuery {
    epoch: u64,
    after: u64,
}

/// `GET /rooms/{slug}/again`: redirects to the reconnect page.
pub(super) async fn redirect(Path(slug): Path<String>, OriginalUri(uri): OriginalUri) -> Response {
    let to = format!("{}/keeper?{}", room(slug), uri.query().unwrap_or_default());
    ([(header::CACHE_CONTROL, CACHE_CONTROL)], Redirect::temporary(&to)).into_response()
}

/// `GET /rooms/{slug}/keeper`: the reconnect page, whose frame has the log after a cursor. It exists for every slug; if
/// there is no such room, the log is a refusal.
pub(super) async fn page(
    Path(slug): Path<String>,
    OriginalUri(uri): OriginalUri,
    Query(ReconnectQuery { epoch, after }): Query<ReconnectQuery>,
) -> Response {
    let room = room(slug);
    let html = reconnect_page(assets::root(), &format!("{room}/live?epoch={epoch}&after={after}"));
    let refresh = format!("{RELOAD_AFTER_S};url={room}/again?{}", uri.query().unwrap_or_default());
    let Ok(refresh) = HeaderValue::try_from(refresh) else { return StatusCode::BAD_REQUEST.into_response() };
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static(CACHE_CONTROL)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN")),
        (header::REFRESH, refresh),
    ];
    (headers, Html(html)).into_response()
}

fn room(slug: String) -> String {
    room_path(&Slug::from(slug))
}
