//! Responses that a proxy may cut off or buffer: a delayed one, like that of a long poll, and a streamed one, like the
//! room log for browsers without script.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use tokio::time::{Instant, sleep, sleep_until};

use super::super::Site;
use super::permits::TooMany;

/// `GET /probe/wait?seconds=N` responds after N seconds.
pub const WAIT_PATH: &str = "/probe/wait";
/// `GET /probe/stream` sends [`LINES`] lines, one each [`LINE_EVERY`].
pub const STREAM_PATH: &str = "/probe/stream";
/// The number of lines of the stream.
pub const LINES: usize = 6;
/// The time between two lines of the stream.
pub const LINE_EVERY: Duration = Duration::from_millis(500);

/// The longest wait that a client may ask for: that of a long poll.
const MAX_WAIT_S: u64 = 60;

/// The query of [`WAIT_PATH`].
#[derive(Deserialize)]
pub(super) struct WaitQuery {
    seconds: u64,
}

/// Responds after the wait that the query asks for; at once with 400 if that is longer than [`MAX_WAIT_S`].
///
/// # Errors
/// [`TooMany`] if too many probes are in progress.
pub(super) async fn wait(State(site): State<Arc<Site>>, Query(wait): Query<WaitQuery>) -> Result<Response, TooMany> {
    if wait.seconds > MAX_WAIT_S {
        let reason = format!("The longest wait is {MAX_WAIT_S} s.\n");
        return Ok((StatusCode::BAD_REQUEST, reason).into_response());
    }
    let _permit = site.probes.begin()?;
    sleep(Duration::from_secs(wait.seconds)).await;
    Ok("waited\n".into_response())
}

/// Streams lines of HTML with the headers of a room's log. The headers ask proxies not to buffer and not to compress.
/// HTML is the type that proxies compress by default.
///
/// # Errors
/// [`TooMany`] if too many probes are in progress.
pub(super) async fn stream(State(site): State<Arc<Site>>) -> Result<Response, TooMany> {
    let permit = site.probes.begin()?;
    let began = Instant::now();
    let lines = stream::unfold((0, permit), move |(i, permit)| async move {
        if i == LINES {
            return None;
        }
        sleep_until(began + LINE_EVERY * u32::try_from(i).expect("a handful of lines")).await;
        let line = Bytes::from(format!("<p>line {} of {LINES}</p>\n", i + 1));
        Some((Ok::<_, std::convert::Infallible>(line), (i + 1, permit)))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store, no-transform"),
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(lines)).into_response())
}
