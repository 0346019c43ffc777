//! What the frame of a room's page shows to a browser without script: the messages as they come, and pages of the past.
//! A page of ours may frame these answers, and no other.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, HeaderValue, Version, header};
use axum::response::{Html, IntoResponse, Response};
use hubbub_app::{LogDocument, log_refused};
use hubbub_protocol::{Cursor, Epoch, Refusal, RoomInfo, Seq, Slug};
use serde::Deserialize;

use super::address::Address;
use super::visitor::MaybeVisitor;
use super::{Site, assets, error, forms};
use crate::chat::{Membership, Visitor};
use crate::transport::stream;

/// How long a browser waits before it asks again for what could not be had, in seconds.
const ASK_AGAIN_AFTER_S: u32 = 15;

/// Nothing in the frame runs; it is framed by pages of ours only.
const FRAMED: &str =
    "default-src 'none'; style-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

/// A body of this version ends where its connection does. In chunks, one whose server was killed would be a document that
/// failed to load, and Chromium never comes to the refresh in it.
const UNTIL_CLOSED: Version = Version::HTTP_10;

/// Where the reader was.
#[derive(Deserialize)]
pub(super) struct LiveQuery {
    epoch: Option<u64>,
    after: Option<u64>,
}

/// `GET /rooms/{slug}/live`: the messages after a cursor, or the newest page, and whatever comes then.
pub(super) async fn live(
    State(site): State<Arc<Site>>,
    MaybeVisitor(visitor): MaybeVisitor,
    Address(address): Address,
    Path(slug): Path<String>,
    Query(query): Query<LiveQuery>,
) -> Response {
    let slug = Slug::from(slug);
    let after = query.epoch.zip(query.after).map(|(epoch, seq)| Cursor { epoch: Epoch(epoch), seq: Seq(seq) });
    match stream(&site, visitor, address, &slug, after).await {
        Ok(stream::Streamed { body, after, ask_again_after_s }) => {
            let html = HeaderValue::from_static("text/html; charset=utf-8");
            // Proxies pass each message on as it comes (nginx; others understand it too), and leave it as it is.
            let unbuffered = (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
            let as_it_is = (header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform"));
            let mut response = framed(([(header::CONTENT_TYPE, html), unbuffered, as_it_is], body).into_response());
            *response.version_mut() = UNTIL_CLOSED;
            let again = format!("{}?epoch={}&after={}", live_path(&slug), after.epoch.0, after.seq.0);
            refreshed(response, ask_again_after_s, &again)
        }
        Err(refusal) => refused(&refusal, &live_path(&slug)),
    }
}

/// Which page of the past.
#[derive(Deserialize)]
pub(super) struct PastQuery {
    before: Option<u64>,
}

/// `GET /rooms/{slug}/messages`: the page that ends right before a seq.
pub(super) async fn past(
    State(site): State<Arc<Site>>,
    MaybeVisitor(visitor): MaybeVisitor,
    Path(slug): Path<String>,
    Query(query): Query<PastQuery>,
) -> Response {
    let slug = Slug::from(slug);
    let before = Seq(query.before.unwrap_or(u64::MAX));
    match page(&site, visitor, &slug, before).await {
        Ok(page) => framed(Html(page).into_response()),
        Err(refusal) => refused(&refusal, &format!("/rooms/{}/messages?before={}", forms::encoded(&slug), before.0)),
    }
}

async fn stream(
    site: &Site,
    visitor: Option<Visitor>,
    address: IpAddr,
    slug: &Slug,
    after: Option<Cursor>,
) -> Result<stream::Streamed, Refusal> {
    let visitor = visitor.ok_or(Refusal::SignedOut)?;
    let (membership, room) = site.chat.membership_by_slug(&visitor, slug).await?;
    let admission = site.hub.connections.admit(visitor.session(), Arc::clone(visitor.member()), address)?;
    let document = document(&membership, room);
    stream::open(site.hub.feed(admission), &membership, document, after).await
}

async fn page(site: &Site, visitor: Option<Visitor>, slug: &Slug, before: Seq) -> Result<String, Refusal> {
    let visitor = visitor.ok_or(Refusal::SignedOut)?;
    let (membership, room) = site.chat.membership_by_slug(&visitor, slug).await?;
    let events = site.chat.history(&membership, before).await?;
    Ok(document(&membership, room).page(&events))
}

fn document(membership: &Membership, room: RoomInfo) -> LogDocument {
    LogDocument::new(assets::root(), room, membership.member().clone())
}

fn refused(refusal: &Refusal, path: &str) -> Response {
    let may_pass = matches!(
        refusal,
        Refusal::TooManyConnections | Refusal::Busy | Refusal::UnknownOutcome | Refusal::ReadOnly | Refusal::Internal
    );
    let page = Html(log_refused(assets::root(), refusal));
    let response = framed((error::status_of(refusal), page).into_response());
    if may_pass { refreshed(response, ASK_AGAIN_AFTER_S, path) } else { response }
}

fn live_path(slug: &Slug) -> String {
    format!("/rooms/{}/live", forms::encoded(slug))
}

/// Has the browser ask for a path so long after the document has ended: it counts from the end of the response, so one
/// that never ends is never left, and one that was cut is.
fn refreshed(mut response: Response, after_s: u32, path: &str) -> Response {
    if let Ok(refresh) = HeaderValue::try_from(format!("{after_s};url={path}")) {
        response.headers_mut().insert(header::REFRESH, refresh);
    }
    response
}

fn framed(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FRAMED));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    response
}
