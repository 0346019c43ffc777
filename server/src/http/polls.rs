//! `POST /ask` and `POST /say`: frames over plain HTTP, one JSON text a line. A tab without a WebSocket gets the frames after
//! its cursors by `/ask`, and sends one frame with each `/say`. `transport::poll` handles both.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use hubbub_protocol::limits::MAX_FRAME_BYTES;
use hubbub_protocol::{Refusal, ServerFrame};
use serde::Deserialize;
use tokio::time::timeout;
use uuid::Uuid;

use super::address::Peer;
use super::{Site, error, origin, visitor};
use crate::chat::Token;
use crate::hub::Frame;
use crate::transport::poll::PollKind;

/// The longest time for the body of a request to arrive. A long poll begins to wait afterwards.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);
/// The longest time for a `say`. The time of an `ask` is limited by its wait.
const SAY_TIMEOUT: Duration = Duration::from_secs(30);
/// The content type of lines that are JSON texts (<https://github.com/ndjson/ndjson-spec>).
const NDJSON: &str = "application/x-ndjson";

/// `POST /ask?tab=…&wait=…`, for the first poll of a tab with `&open=true`. The future is dropped when the client closes the
/// connection.
pub(super) async fn ask(State(site): State<Arc<Site>>, request: TabRequest) -> Response {
    let TabRequest { token, address, query, text } = request;
    let kind = if query.open { PollKind::First } else { PollKind::Further };
    let wait = Duration::from_secs(query.wait);
    response_of(site.tabs.ask(token, address, query.tab, kind, wait, text).await)
}

/// `POST /say?tab=…`
pub(super) async fn say(State(site): State<Arc<Site>>, request: TabRequest) -> Response {
    let TabRequest { token, address, query, text } = request;
    match timeout(SAY_TIMEOUT, site.tabs.say(token, address, query.tab, text)).await {
        Ok(outcome) => response_of(outcome),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// A complete request of a tab. The headers are dropped, so that a waiting long poll needs no memory for them.
pub(super) struct TabRequest {
    token: Token,
    address: IpAddr,
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

impl FromRequest<Arc<Site>> for TabRequest {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Arc<Site>) -> Result<Self, Response> {
        let (peer, headers) = (Peer::of(request.extensions()), request.headers());
        origin::check_post(site, headers).map_err(IntoResponse::into_response)?;
        let token = visitor::token(site, peer, headers).await.map_err(refused)?;
        let Query(query) = Query::try_from_uri(request.uri()).map_err(|_| refused(Refusal::BadFrame))?;
        let address = peer.client(site, headers);
        Ok(Self { token, address, query, text: text_of(request).await? })
    }
}

async fn text_of(request: Request) -> Result<String, Response> {
    let body = timeout(BODY_TIMEOUT, Bytes::from_request(request, &())).await;
    let body = body.map_err(|_| StatusCode::REQUEST_TIMEOUT.into_response())?;
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => refused(Refusal::NotJson),
    })?;
    String::from_utf8(body.into()).map_err(|_| refused(Refusal::NotJson))
}

/// 204 if there are no frames.
fn response_of(outcome: Result<Vec<Frame>, Refusal>) -> Response {
    match outcome {
        Ok(frames) if frames.is_empty() => StatusCode::NO_CONTENT.into_response(),
        Ok(frames) => lines(StatusCode::OK, &frames),
        Err(refusal) => refused(refusal),
    }
}

fn refused(refusal: Refusal) -> Response {
    refused_as(error::status_of(&refusal), refusal)
}

fn refused_as(status: StatusCode, refusal: Refusal) -> Response {
    let retry_after = error::retry_after(&refusal).map(|after| [(header::RETRY_AFTER, after)]);
    (retry_after, lines(status, &[Frame::from(&ServerFrame::Error { refusal })])).into_response()
}

/// 413 because the request is too large; a message that is too long is answered with 422.
fn too_large() -> Response {
    let max = u32::try_from(MAX_FRAME_BYTES).unwrap_or(u32::MAX);
    refused_as(StatusCode::PAYLOAD_TOO_LARGE, Refusal::TooLong { max })
}

fn lines(status: StatusCode, frames: &[Frame]) -> Response {
    let mut body = Vec::with_capacity(frames.iter().map(|frame| frame.as_text().len() + 1).sum());
    for frame in frames {
        body.extend_from_slice(frame.as_text());
        body.push(b'\n');
    }
    (status, [(header::CONTENT_TYPE, NDJSON)], body).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use futures_util::stream;
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_request_body_that_does_not_arrive_times_out_after_thirty_seconds() {
        let since = Instant::now();
        let never = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        let answer = text_of(Request::new(never)).await.expect_err("no body was received");
        assert_eq!((answer.status(), since.elapsed()), (StatusCode::REQUEST_TIMEOUT, BODY_TIMEOUT));
    }
}
