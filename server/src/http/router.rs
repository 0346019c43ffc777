//! The paths of the server and their handlers, and the middleware that every request passes.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use hubbub_protocol::Refusal;
use hubbub_protocol::limits::MAX_FRAME_BYTES;
use tower::{Service, ServiceBuilder, ServiceExt, service_fn};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::timeout::TimeoutLayer;

use super::address::Address;
use super::visitor::MaybeVisitor;
use super::{
    PublicOrigin, Site, assets, emoji, error, forms, headers, health, log, origin, pages, polls, probe, reconnect,
    request_checks,
};
use crate::transport::websocket;

/// Timeout until a response begins, except for polls and probes. Streams and WebSockets begin their responses at once.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(30);

/// The compression level of brotli and gzip. A higher level takes more time than the saved bytes are worth.
const PAGE_COMPRESSION: i32 = 5;

/// Returns the service that answers every request.
///
/// The middleware that every request passes is around the router. Inside (`Router::layer`), axum would clone each layer and
/// allocate its future for each request.
pub fn service(
    site: Arc<Site>,
) -> impl Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + Sync + 'static {
    let is_https = site.public_origin.as_ref().is_some_and(PublicOrigin::is_https);
    let router = ServiceBuilder::new()
        .layer(CatchPanicLayer::new())
        .layer(DefaultBodyLimit::max(MAX_FRAME_BYTES))
        .service(router(site));
    service_fn(move |mut request: Request| {
        let router = router.clone();
        async move {
            let response = match request_checks::check(&mut request) {
                Ok(()) => router.oneshot(request).await?.map(Body::new),
                Err(ambiguous) => ambiguous.response(request.version()),
            };
            Ok(headers::secure(response, is_https))
        }
    })
}

fn router(site: Arc<Site>) -> Router {
    let pages = pages::Pages::new(Arc::clone(&site));
    Router::new()
        .route("/", get(pages::show))
        .route("/rooms", post(forms::create_room))
        .route("/new-room", get(pages::show).post(forms::create_room))
        .route("/rooms/{slug}", get(pages::show))
        .route("/rooms/{slug}/messages", post(forms::post_message))
        .route("/rooms/{slug}/messages/{message}", get(pages::show))
        .route("/rooms/{slug}/messages/{message}/{act}", post(forms::act_on_message))
        .route("/session", post(forms::join))
        .route("/session/end", post(forms::leave))
        .route("/emoji.json", get(emoji::list))
        .fallback_service(get(pages::show_missing).with_state(pages.clone()))
        .with_state(pages)
        .layer(from_fn_with_state(Arc::clone(&site), origin::refuse_foreign_forms))
        // A page has no secret beside text that a stranger chose, so the length of the compressed page reveals nothing (BREACH).
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(PAGE_COMPRESSION)))
        .route("/ws", get(socket).with_state(Arc::clone(&site)))
        .route("/rooms/{slug}/again", get(reconnect::redirect))
        .route("/rooms/{slug}/keeper", get(reconnect::page))
        .route("/rooms/{slug}/live", get(log::live).with_state(Arc::clone(&site)))
        .route("/rooms/{slug}/messages", get(log::past).with_state(Arc::clone(&site)))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready).with_state(Arc::clone(&site)))
        .merge(assets::router())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, RESPONSE_TIMEOUT))
        // Polls and probes may take longer, and have timeouts of their own.
        .route("/ask", post(polls::ask).with_state(Arc::clone(&site)))
        .route("/say", post(polls::say).with_state(Arc::clone(&site)))
        .merge(probe::router(&site))
}

/// `GET /ws`: opens a WebSocket for a visitor with a session, if the request comes from one of this site's pages.
async fn socket(
    State(site): State<Arc<Site>>,
    MaybeVisitor(visitor): MaybeVisitor,
    Address(address): Address,
    request: Request,
) -> Response {
    if let Err(refused) = origin::check_socket(&site, request.headers()) {
        return refused.into_response();
    }
    if websocket::asks_for_echo(request.headers()) {
        return site.probes.echo(request);
    }
    match visitor {
        Some(visitor) => websocket::upgrade(&site.chat, &site.hub, visitor, address, request),
        None => error::status_of(&Refusal::SignedOut).into_response(),
    }
}
