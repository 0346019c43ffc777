//! `POST /ask` and `POST /say`: frames over plain HTTP, one a line. What is asked for is read here and what is answered
//! is written here; what happens in between is transport's.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequest, FromRequestParts, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use hubbub_protocol::limits::MAX_FRAME_BYTES;
use hubbub_protocol::{Refusal, ServerFrame};
use serde::Deserialize;
use tokio::time::timeout;
use uuid::Uuid;

use super::address::Address;
use super::{Site, cookie, error, origin};
use crate::chat::Token;
use crate::hub::Frame;
use crate::transport::poll::Ask;

/// A client that takes longer to send its request is given up. The wait for an answer only begins after it.
const REQUEST_WITHIN: Duration = Duration::from_secs(30);
/// One JSON text a line (<https://github.com/ndjson/ndjson-spec>).
const LINES: [(header::HeaderName, &str); 1] = [(header::CONTENT_TYPE, "application/x-ndjson")];

/// `POST /ask?tab=…&wait=…`, and the first of a tab with `&open=true`.
pub(super) async fn ask(State(site): State<Arc<Site>>, request: Request) -> Response {
    // On the heap while it is read, so that an ask that waits is not as large as that.
    let Asked { token, address, query, text } = match Box::pin(Asked::read(request, &site)).await {
        Ok(asked) => asked,
        Err(refused) => return refused,
    };
    let wait = Duration::from_secs(query.wait);
    let ask = if query.open { Ask::First } else { Ask::Further };
    answer(site.tabs.ask(token, address.0, query.tab, ask, wait, text).await)
}

/// `POST /say?tab=…`
pub(super) async fn say(State(site): State<Arc<Site>>, request: Request) -> Response {
    match Asked::read(request, &site).await {
        Ok(Asked { token, query, text, .. }) => answer(site.tabs.say(token, query.tab, text).await),
        Err(refused) => refused,
    }
}

/// A request of a tab.
struct Asked {
    token: Token,
    address: Address,
    query: TabQuery,
    text: String,
}

#[derive(Deserialize)]
struct TabQuery {
    tab: Uuid,
    /// In seconds.
    #[serde(default)]
    wait: u64,
    #[serde(default)]
    open: bool,
}

impl Asked {
    async fn read(request: Request, site: &Arc<Site>) -> Result<Self, Response> {
        origin::check_socket(site, request.headers()).map_err(IntoResponse::into_response)?;
        let token = cookie::token(site, request.headers()).ok_or_else(|| refused(Refusal::SignedOut))?;
        let query = Query::try_from_uri(request.uri()).map_err(|_| refused(Refusal::BadFrame))?;
        let (mut parts, body) = request.into_parts();
        let Ok(address) = Address::from_request_parts(&mut parts, site).await;
        let body = Request::from_parts(parts, body);
        let text = timeout(REQUEST_WITHIN, String::from_request(body, site)).await;
        let text = text.map_err(|_| StatusCode::REQUEST_TIMEOUT.into_response())?;
        let text = text.map_err(|unread| match unread.status() {
            StatusCode::PAYLOAD_TOO_LARGE => too_large(),
            _ => refused(Refusal::NotJson),
        })?;
        Ok(Self { token, address, query: query.0, text })
    }
}

fn answer(outcome: Result<Vec<Frame>, Refusal>) -> Response {
    match outcome {
        Ok(frames) if frames.is_empty() => StatusCode::NO_CONTENT.into_response(),
        Ok(frames) => (LINES, lines(&frames)).into_response(),
        Err(refusal) => refused(refusal),
    }
}

fn refused(refusal: Refusal) -> Response {
    (error::status_of(&refusal), LINES, lines(&[error_frame(refusal)])).into_response()
}

/// Of texts that people write it would be 422; here it is the request itself that is too large.
fn too_large() -> Response {
    let max = u32::try_from(MAX_FRAME_BYTES).unwrap_or(u32::MAX);
    (StatusCode::PAYLOAD_TOO_LARGE, LINES, lines(&[error_frame(Refusal::TooLong { max })])).into_response()
}

fn error_frame(refusal: Refusal) -> Frame {
    Frame::from(&ServerFrame::Error { refusal })
}

fn lines(frames: &[Frame]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(frames.iter().map(|frame| frame.as_text().len() + 1).sum());
    for frame in frames {
        lines.extend_from_slice(frame.as_text());
        lines.push(b'\n');
    }
    lines
}
