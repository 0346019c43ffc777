//! What hyper serves: HTTP/2, and every request of HTTP/1.1 that isn't a plain one of a tab. Called by `connection`,
//! which goes on when hyper has read one of those behind others.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, header};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};
use tower::ServiceExt;

use super::handover::{Handover, Turn};
use super::heads::{Count, Heads};
use super::owner::IDLE_FOR;
use super::stop::Stop;
use super::stuck::{STUCK_AFTER, Stuck};
use super::under_way::UnderWay;
use super::wire::Wire;
use crate::http::address::Peer;
use crate::http::lengths::Doubtful;
use crate::transport::Rewound;

/// A client that takes longer to send its headers is closed.
pub(super) const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// A peer of HTTP/2 is asked whether it is still there when it has said nothing for so long.
const LOOK_AFTER: Duration = Duration::from_secs(25);
/// The most that a request's headers may take; more is answered with 431.
pub(super) const MAX_HEADER_BYTES: usize = 16 * 1024;

/// hyper as it is set up here.
pub(super) struct Ordinary {
    router: Router,
    http1: http1::Builder,
    http2: http2::Builder<TokioExecutor>,
}

impl Ordinary {
    pub(super) fn new(router: Router) -> Self {
        let mut http1 = http1::Builder::new();
        http1.timer(TokioTimer::new()).header_read_timeout(HEADERS_WITHIN).max_buf_size(MAX_HEADER_BYTES);
        let mut http2 = http2::Builder::new(TokioExecutor::new());
        http2
            .timer(TokioTimer::new())
            .max_header_list_size(MAX_HEADER_BYTES as u32)
            .keep_alive_interval(LOOK_AFTER)
            .keep_alive_timeout(HEADERS_WITHIN);
        Self { router, http1, http2 }
    }

    /// Serves a connection until it ends or is another's, or until a tab asks: then it is given back, with what was read
    /// behind that request. The head of the first request, of which something was read, must be there by `head_by`.
    pub(super) async fn serve_http1(
        &self,
        wire: Wire,
        peer: Peer,
        head_by: Instant,
        stop: &mut Stop,
    ) -> Option<(Wire, Turn)> {
        let handover = Handover::default();
        let asked = Arc::new(Notify::new());
        let count = Arc::<Count>::default();
        let mut heads = Heads::new(Arc::clone(&count));
        let stream = Rewound::new(wire.stream, wire.unread).shown_to(move |read| heads.look(read));
        let mut stuck = Stuck::new(stream.fullness());
        let http1 = Http1 { handover: handover.clone(), count, asked: Arc::clone(&asked) };
        let service = service(&self.router, Note { peer, http1: Some(http1) });
        let mut served = self.http1.serve_connection(TokioIo::new(stream), service).with_upgrades();
        let turn = {
            let mut stopped = pin!(stop.stopped());
            let mut is_told = false;
            let mut first = pin!(timeout_at(head_by, asked.notified()));
            let mut is_asked = false;
            poll_fn(|cx| {
                if !is_told && stopped.as_mut().poll(cx).is_ready() {
                    is_told = true;
                    Pin::new(&mut served).graceful_shutdown();
                }
                // A connection that fails is its client's affair.
                if Pin::new(&mut served).poll(cx).is_ready() || stuck.is_over(cx) {
                    return Poll::Ready(None);
                }
                if !is_asked && let Poll::Ready(first) = first.as_mut().poll(cx) {
                    is_asked = true;
                    if first.is_err() {
                        return Poll::Ready(None);
                    }
                }
                // hyper reads a request before its last answer is written, if the kernel doesn't take that. It tries to
                // write whenever it is polled, so nothing is left in it when the kernel has taken what it was given.
                if stuck.is_full() {
                    return Poll::Pending;
                }
                handover.take().map_or(Poll::Pending, |turn| Poll::Ready(Some(turn)))
            })
            .await?
        };
        let parts = served.into_parts()?;
        let (stream, unread) = parts.io.into_inner().into_parts(&parts.read_buf);
        Some((Wire { stream, unread }, turn))
    }

    /// Serves a connection until it ends or nobody needs it, unless its first request doesn't come: hyper would wait for it
    /// for ever.
    pub(super) async fn serve_http2(&self, wire: Wire, peer: Peer, head_by: Instant, stop: &mut Stop) {
        let under_way = UnderWay::new();
        let service = service(&self.router, Note { peer, http1: None });
        let service = service_fn(|request| under_way.answer(service.call(request)));
        let stream = TokioIo::new(Rewound::new(wire.stream, wire.unread));
        let mut served = pin!(self.http2.serve_connection(stream, service));
        tokio::select! {
            _ = &mut served => return,
            first = timeout_at(head_by, under_way.stirred()) => if first.is_err() { return },
            () = stop.stopped() => {}
        }
        tokio::select! {
            _ = &mut served => return,
            () = under_way.idle_for(IDLE_FOR) => {}
            () = stop.stopped() => {}
        }
        served.as_mut().graceful_shutdown();
        tokio::select! {
            // A connection that fails is its client's affair.
            _ = served => {}
            () = under_way.idle_for(STUCK_AFTER) => {}
        }
    }
}

/// What is noted on each request of a connection, and of it.
#[derive(Clone)]
struct Note {
    peer: Peer,
    http1: Option<Http1>,
}

#[derive(Clone)]
struct Http1 {
    /// Where a tab's request is left.
    handover: Handover,
    /// Which request is not to be served.
    count: Arc<Count>,
    /// Told of each request.
    asked: Arc<Notify>,
}

fn service(
    router: &Router,
    note: Note,
) -> TowerToHyperService<
    impl tower::Service<Request<Incoming>, Response = Response, Error = Infallible, Future: Send + 'static>
    + Clone
    + Send
    + 'static
    + use<>,
> {
    let router = router.clone();
    TowerToHyperService::new(router.map_request(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        name_host(&mut request);
        request.extensions_mut().insert(note.peer);
        if let Some(Http1 { handover, count, asked }) = &note.http1 {
            request.extensions_mut().insert(handover.clone());
            if count.is_next_doubtful() {
                request.extensions_mut().insert(Doubtful);
            }
            asked.notify_one();
        }
        request
    }))
}

/// HTTP/2 says the host in the request's target (RFC 9113, section 8.3.1). What compares it finds it in one place.
fn name_host(request: &mut Request<Body>) {
    let host = request.uri().authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
    if let Some(host) = host {
        request.headers_mut().entry(header::HOST).or_insert(host);
    }
}
