//! The page that brings the log back to a browser without script, however it was lost: loaded whole once the log in it has
//! ended, it is loaded anew, and the log with it.
//!
//! That must need no server, or the first attempt while there is none would be the last. So the browser keeps the page.
//! But a page that is to be loaded anew under its own address is asked for again however fresh it is; under an address that
//! leads to it, it is not. The room's page names that address first, so that both are kept from the beginning.

use axum::extract::{OriginalUri, Path, Query};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use hubbub_app::log_keeper;
use hubbub_protocol::Slug;
use serde::Deserialize;

use super::assets;
use super::pages::room_path;

/// In seconds, after the log has ended. Of later ones Chromium would make a place to go back to each.
const ANEW_AFTER_S: u32 = 1;

/// As long as a tab may be left alone. What is kept is the same for everyone, and names nobody.
const KEPT: &str = "private, max-age=2592000, immutable";

/// It holds one frame of ours, and is framed by a page of ours.
const KEEPER: &str = "default-src 'none'; style-src 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; \
                      form-action 'none'";

/// What the log is to show.
#[derive(Deserialize)]
pub(super) struct KeeperQuery {
    epoch: u64,
    after: u64,
}

/// `GET /rooms/{slug}/again`: leads to the page, always.
pub(super) async fn again(Path(slug): Path<String>, OriginalUri(uri): OriginalUri) -> Response {
    let to = format!("{}/keeper?{}", room(slug), uri.query().unwrap_or_default());
    ([(header::CACHE_CONTROL, KEPT)], Redirect::temporary(&to)).into_response()
}

/// `GET /rooms/{slug}/keeper`: the page, around what comes after a cursor. Whether there is such a room only the log says.
pub(super) async fn keeper(
    Path(slug): Path<String>,
    OriginalUri(uri): OriginalUri,
    Query(KeeperQuery { epoch, after }): Query<KeeperQuery>,
) -> Response {
    let room = room(slug);
    let page = log_keeper(assets::root(), &format!("{room}/live?epoch={epoch}&after={after}"));
    let anew = format!("{ANEW_AFTER_S};url={room}/again?{}", uri.query().unwrap_or_default());
    let Ok(anew) = HeaderValue::try_from(anew) else { return StatusCode::BAD_REQUEST.into_response() };
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static(KEPT)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(KEEPER)),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN")),
        (header::REFRESH, anew),
    ];
    (headers, Html(page)).into_response()
}

fn room(slug: String) -> String {
    room_path(&Slug::from(slug))
}
