//! `POST /ask` and `POST /say`: frames over plain HTTP, one a line. What is asked for is read here and what is answered
//! is made here, for the router and for who serves a tab's connection without it; what happens in between is
//! transport's.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use hubbub_protocol::Refusal;
use hubbub_protocol::limits::MAX_FRAME_BYTES;
use serde::Deserialize;
use tokio::time::timeout;
use uuid::Uuid;

use super::address::Peer;
use super::answer::{Afterwards, Answer};
use super::connection::{Handover, Turn};
use super::{Site, cookie, origin};
use crate::chat::Token;
use crate::transport::poll::Ask;

/// A client that takes longer to send its request is given up. The wait for an answer only begins after it.
pub(super) const REQUEST_WITHIN: Duration = Duration::from_secs(30);
/// What is said and isn't answered by then is given up; an ask keeps time by itself.
const SAY_WITHIN: Duration = Duration::from_secs(30);

/// `POST /ask?tab=…&wait=…`, and the first of a tab with `&open=true`.
pub(super) async fn ask(State(site): State<Arc<Site>>, request: Request) -> Response {
    serve(Kind::Ask, &site, request).await
}

/// `POST /say?tab=…`
pub(super) async fn say(State(site): State<Arc<Site>>, request: Request) -> Response {
    serve(Kind::Say, &site, request).await
}

/// Which of the two a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Ask,
    Say,
}

/// A request of a tab, read whole.
pub(super) struct Asked {
    kind: Kind,
    asker: Asker,
    text: String,
}

/// What the head of a request says.
struct Asker {
    token: Token,
    address: IpAddr,
    query: TabQuery,
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

async fn serve(kind: Kind, site: &Arc<Site>, request: Request) -> Response {
    let handover = request.extensions().get::<Handover>().cloned();
    let afterwards = Afterwards::asked_for(request.version(), request.headers());
    // On the heap while it is read, so that an ask that waits is not as large as that.
    match Box::pin(Asked::read(kind, site, request)).await {
        Err(refused) => refused.into_response(),
        Ok(asked) => match handover {
            Some(handover) => handover.leave(Turn { asked: Ok(asked), afterwards }).await,
            None => asked.answer(site).await.into_response(),
        },
    }
}

impl Asked {
    /// Of a request that has come whole.
    pub(super) fn new(
        kind: Kind,
        site: &Site,
        peer: Peer,
        uri: &Uri,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Result<Self, Answer> {
        Ok(Self { kind, asker: Asker::of(site, peer, uri, headers)?, text: text_of(body)? })
    }

    async fn read(kind: Kind, site: &Site, request: Request) -> Result<Self, Answer> {
        let asker = Asker::of(site, Peer::of(request.extensions()), request.uri(), request.headers())?;
        let body = timeout(REQUEST_WITHIN, Bytes::from_request(request, &())).await;
        let body = body.map_err(|_| Answer::empty(StatusCode::REQUEST_TIMEOUT))?;
        let body = body.map_err(|unread| match unread.status() {
            StatusCode::PAYLOAD_TOO_LARGE => too_large(),
            _ => Answer::refused(Refusal::NotJson),
        })?;
        Ok(Self { kind, asker, text: text_of(body)? })
    }

    /// Does what is asked for, and waits for it. Dropping this says that the tab has gone.
    pub(super) async fn answer(self, site: &Site) -> Answer {
        let Self { kind, asker: Asker { token, address, query }, text } = self;
        let outcome = match kind {
            Kind::Ask => {
                let wait = Duration::from_secs(query.wait);
                let ask = if query.open { Ask::First } else { Ask::Further };
                site.tabs.ask(token, address, query.tab, ask, wait, text).await
            }
            Kind::Say => {
                // On the heap, so that an ask that waits is not as large as that.
                match Box::pin(timeout(SAY_WITHIN, site.tabs.say(token, address, query.tab, text))).await {
                    Ok(outcome) => outcome,
                    Err(_) => return Answer::empty(StatusCode::SERVICE_UNAVAILABLE),
                }
            }
        };
        outcome.map_or_else(Answer::refused, |frames| Answer::frames(&frames))
    }
}

impl Asker {
    fn of(site: &Site, peer: Peer, uri: &Uri, headers: &HeaderMap) -> Result<Self, Answer> {
        origin::check_origin(site, headers)?;
        let token = cookie::token(site, headers).ok_or_else(|| Answer::refused(Refusal::SignedOut))?;
        let query = Query::try_from_uri(uri).map_err(|_| Answer::refused(Refusal::BadFrame))?;
        Ok(Self { token, address: peer.client(site, headers), query: query.0 })
    }
}

fn text_of(body: Bytes) -> Result<String, Answer> {
    String::from_utf8(body.into()).map_err(|_| Answer::refused(Refusal::NotJson))
}

/// Of texts that people write it would be 422; here it is the request itself that is too large.
fn too_large() -> Answer {
    let max = u32::try_from(MAX_FRAME_BYTES).unwrap_or(u32::MAX);
    Answer::refused_as(StatusCode::PAYLOAD_TOO_LARGE, Refusal::TooLong { max })
}
