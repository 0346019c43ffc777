//! The log as a browser without script sees it: the messages as they come, and pages of the past. A page of ours may frame
//! these answers, and no other. What ends is asked for anew (`keeper`), so these don't while they are to be seen.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use hubbub_app::{LogDocument, log_refused};
use hubbub_protocol::{Cursor, Epoch, Refusal, RoomInfo, Seq, Slug};
use serde::Deserialize;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::address::Address;
use super::visitor::MaybeVisitor;
use super::{Site, assets, error};
use crate::chat::Membership;
use crate::hub::Feed;
use crate::transport::stream;

/// A refusal ends after so long, and is asked for anew: whoever reads it has time, and what was in the way may be gone.
const REFUSED_FOR: Duration = Duration::from_secs(20);
/// Refusals that wait for that at a time, of anyone: more of them end at once, so that nobody may hold many connections
/// by them.
const MAX_REFUSED: usize = 256;
/// Nothing in the frame runs; it is framed by pages of ours only.
const FRAMED: &str =
    "default-src 'none'; style-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

/// Where the reader was.
#[derive(Deserialize)]
pub(super) struct LiveQuery {
    epoch: Option<u64>,
    after: Option<u64>,
}

/// `GET /rooms/{slug}/live`: the messages after a cursor, or the newest page, and whatever comes then.
pub(super) async fn live(
    State(site): State<Arc<Site>>,
    visitor: Result<MaybeVisitor, StatusCode>,
    Address(address): Address,
    Path(slug): Path<String>,
    Query(query): Query<LiveQuery>,
) -> Response {
    let after = query.epoch.zip(query.after).map(|(epoch, seq)| Cursor { epoch: Epoch(epoch), seq: Seq(seq) });
    framed(site.clone(), newest(&site, visitor, address, Slug::from(slug), after).await)
}

/// Which page of the past.
#[derive(Deserialize)]
pub(super) struct PastQuery {
    before: Option<u64>,
}

/// `GET /rooms/{slug}/messages`: the page that ends right before a seq.
pub(super) async fn past(
    State(site): State<Arc<Site>>,
    visitor: Result<MaybeVisitor, StatusCode>,
    Address(address): Address,
    Path(slug): Path<String>,
    Query(query): Query<PastQuery>,
) -> Response {
    let before = Seq(query.before.unwrap_or(u64::MAX));
    framed(site.clone(), page_before(&site, visitor, address, Slug::from(slug), before).await)
}

async fn newest(
    site: &Site,
    visitor: Result<MaybeVisitor, StatusCode>,
    address: IpAddr,
    slug: Slug,
    after: Option<Cursor>,
) -> Result<Body, Refusal> {
    let (feed, membership, room) = enter(site, visitor, address, &slug).await?;
    stream::live(feed, &membership, document(&membership, room), after).await
}

async fn page_before(
    site: &Site,
    visitor: Result<MaybeVisitor, StatusCode>,
    address: IpAddr,
    slug: Slug,
    before: Seq,
) -> Result<Body, Refusal> {
    let (feed, membership, room) = enter(site, visitor, address, &slug).await?;
    let events = site.chat.history(&membership, before).await?;
    Ok(stream::past(feed, document(&membership, room), events))
}

/// Who asks, where they may look, and a connection of theirs.
async fn enter(
    site: &Site,
    visitor: Result<MaybeVisitor, StatusCode>,
    address: IpAddr,
    slug: &Slug,
) -> Result<(Feed, Membership, RoomInfo), Refusal> {
    // The store couldn't be asked; it has said so in the server's log.
    let MaybeVisitor(visitor) = visitor.map_err(|_| Refusal::Internal)?;
    let visitor = visitor.ok_or(Refusal::SignedOut)?;
    let (membership, room) = site.chat.membership_by_slug(&visitor, slug).await?;
    let admission = site.hub.connections.admit(visitor.session(), Arc::clone(visitor.member()), address)?;
    Ok((Feed::new(Arc::clone(&site.hub), admission), membership, room))
}

fn document(membership: &Membership, room: RoomInfo) -> LogDocument {
    LogDocument::new(assets::root(), room, membership.member().clone())
}

/// The answer that the frame shows, which proxies pass on as it comes (nginx is told so by a header of its own; others
/// understand it too) and leave as it is.
fn framed(site: Arc<Site>, log: Result<Body, Refusal>) -> Response {
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

/// How many refusals wait to be asked for anew, of those that may.
pub(super) struct Refused(Arc<Semaphore>);

impl Default for Refused {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MAX_REFUSED)))
    }
}

/// What is wrong, in words.
fn refused(site: Arc<Site>, refusal: &Refusal) -> Body {
    let page = Bytes::from(log_refused(assets::root(), refusal));
    let Ok(permit) = Arc::clone(&site.refused.0).try_acquire_owned() else { return Body::from(page) };
    Body::from_stream(unfold((Some(page), permit), move |(page, permit)| {
        let site = Arc::clone(&site);
        async move {
            match page {
                Some(page) => Some((Ok::<_, Infallible>(page), (None, permit))),
                None => {
                    // Whether its time is over or the server's comes to the same.
                    let _ = timeout(REFUSED_FOR, site.stopping()).await;
                    None
                }
            }
        }
    }))
}
