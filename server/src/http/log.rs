//! A room's log for browsers without script: a stream of new messages, and pages of older ones. The log is shown in a
//! frame, and only Hubbub's pages may frame it. The page around the frame (`reconnect`) loads the log again when the
//! response ends, so every response is kept open.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use futures_util::stream::once;
use hubbub_app::{LogDocument, log_refused};
use hubbub_protocol::{Cursor, Epoch, Refusal, Seq, Slug};
use serde::Deserialize;
use tokio::time::timeout;

use super::address::Peer;
use super::visitor::MaybeVisitor;
use super::{Site, assets, error};
use crate::chat::Membership;
use crate::chat::PageQuery;
use crate::hub::Feed;
use crate::transport::stream;

/// How long the response of a refusal is kept open. When it ends, the browser asks again. A person can read the refusal
/// meanwhile, and its cause may pass.
const REFUSED_FOR: Duration = Duration::from_secs(20);
/// The Content-Security-Policy of a page in the frame: it runs no script, and only Hubbub's pages may frame it.
const FRAMED: &str =
    "default-src 'none'; style-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

/// A request for a room's log.
pub(super) struct LogRequest {
    visitor: Result<MaybeVisitor, StatusCode>,
    address: IpAddr,
    slug: Slug,
}

impl FromRequestParts<Arc<Site>> for LogRequest {
    type Rejection = PathRejection;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, PathRejection> {
        let Path(slug) = Path::<String>::from_request_parts(parts, site).await?;
        let address = Peer::of(&parts.extensions).client(site, &parts.headers);
        Ok(Self { visitor: MaybeVisitor::from_request_parts(parts, site).await, address, slug: Slug::from(slug) })
    }
}

impl LogRequest {
    /// Admits a connection for the reader. Returns its feed, the reader's membership in the room, and the document to
    /// show.
    ///
    /// # Errors
    /// [`Refusal::SignedOut`] without a session; those of the room's lookup; [`Refusal::TooManyConnections`].
    async fn enter(self, site: &Site) -> Result<(Feed, Membership, LogDocument), Refusal> {
        // The lookup of the session failed in the store. The store's failure is logged already.
        let MaybeVisitor(visitor) = self.visitor.map_err(|_| Refusal::Internal)?;
        let visitor = visitor.ok_or(Refusal::SignedOut)?;
        let (membership, room) = site.chat.membership_by_slug(&visitor, &self.slug).await?;
        let admission = site.hub.connections.admit(visitor.session(), Arc::clone(visitor.member()), self.address)?;
        let document = LogDocument::new(assets::root(), room, membership.member().clone());
        Ok((Feed::new(Arc::clone(&site.hub), admission), membership, document))
    }
}

/// The query of the live log: the cursor to resume from. Without both numbers the log starts with the newest page.
#[derive(Deserialize)]
pub(super) struct LiveQuery {
    epoch: Option<u64>,
    after: Option<u64>,
}

/// `GET /rooms/{slug}/live`: streams the messages after a cursor, or the newest page, and then each new message.
pub(super) async fn live(
    State(site): State<Arc<Site>>,
    request: LogRequest,
    Query(query): Query<LiveQuery>,
) -> Response {
    let after = query.epoch.zip(query.after).map(|(epoch, seq)| Cursor { epoch: Epoch(epoch), seq: Seq(seq) });
    let log = async {
        let (feed, membership, document) = request.enter(&site).await?;
        stream::live(feed, &membership, document, after).await
    };
    framed(&site, log.await)
}

/// The query of a page of older messages: the seq that the page ends before, or the one that it begins after. Without
/// both, the newest page.
#[derive(Deserialize)]
pub(super) struct PastQuery {
    before: Option<u64>,
    after: Option<u64>,
}

/// `GET /rooms/{slug}/messages`: the page of messages right before or after a seq.
pub(super) async fn past(
    State(site): State<Arc<Site>>,
    request: LogRequest,
    Query(query): Query<PastQuery>,
) -> Response {
    let wanted = match (query.before, query.after) {
        (Some(before), _) => PageQuery::Before(Seq(before)),
        (None, Some(after)) => PageQuery::After(Seq(after)),
        (None, None) => PageQuery::Newest,
    };
    let log = async {
        let (feed, membership, document) = request.enter(&site).await?;
        let page = site.chat.read_page(&membership, wanted).await?;
        stream::past(feed, &membership, document, site.chat.epoch(), page).await
    };
    framed(&site, log.await)
}

/// Returns the response that the frame shows: the log, or the page of a refusal. Its headers ask proxies neither to
/// buffer nor to transform it (`X-Accel-Buffering` is nginx's; other proxies read it too).
fn framed(site: &Arc<Site>, log: Result<Body, Refusal>) -> Response {
    let (status, retry_after, body) = match log {
        Ok(body) => (StatusCode::OK, None, body),
        Err(refusal) => (error::status_of(&refusal), error::retry_after(&refusal), refused(site, &refusal)),
    };
    let retry_after = retry_after.map(|after| [(header::RETRY_AFTER, after)]);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform")),
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FRAMED)),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN")),
    ];
    (status, headers, retry_after, body).into_response()
}

/// Returns the page that says why the log is refused. The body ends after [`REFUSED_FOR`] or when the server stops; at
/// once if too many refusals are held open.
fn refused(site: &Arc<Site>, refusal: &Refusal) -> Body {
    let page = Bytes::from(log_refused(assets::root(), refusal));
    let Some(permit) = site.held_refusals.hold() else { return Body::from(page) };
    let site = Arc::clone(site);
    let held = async move {
        // A timeout and the end of the server have the same effect.
        let _ = timeout(REFUSED_FOR, site.stopping()).await;
        drop(permit);
        None
    };
    let pieces = once(async { Some(page) }).chain(once(held));
    Body::from_stream(pieces.filter_map(|piece| async { piece.map(Ok::<_, Infallible>) }))
}
