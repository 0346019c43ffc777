//! Serves HTTP/1.1 and HTTP/2 on one connection by hyper, with hyper's limits set. Called by `accept` for each
//! connection; the service decides how a request is answered.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tower::{Service, ServiceExt};

use super::activity::{Activity, Expired, HEAD_WITHIN};
use super::timed_stream::TimedStream;
use super::tracked_body::TrackedBody;
use crate::http::address::Peer;
use crate::transport::Upgrade;

/// The longest head of a request. hyper's response to a longer head is 431. hyper also buffers no more than this of a
/// request or a response.
const MAX_HEAD_BYTES: usize = 16 * 1024;
/// The most requests in progress on an HTTP/2 connection (hyper's default).
const MAX_STREAMS: u32 = 200;
/// Streams that a client may have reset before hyper has answered them (h2's default), against "rapid reset".
const MAX_PENDING_RESETS: usize = 20;
/// Streams that hyper resets because of a client's errors before it closes the connection (hyper's default).
const MAX_ERROR_RESETS: usize = 1_024;
/// The most bytes of one stream's response that are buffered.
const MAX_STREAM_BUFFER_BYTES: usize = 64 * 1024;
/// A silent client of HTTP/2 is pinged this often, as a WebSocket is; it must answer within [`HEAD_WITHIN`].
const PING_EVERY: Duration = Duration::from_secs(25);

/// hyper with its limits set, and the service that responds to requests.
pub(super) struct Http<S> {
    builder: auto::Builder<TokioExecutor>,
    service: S,
}

/// Responds to requests.
pub trait HttpService:
    Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send> + Clone + Send + Sync + 'static
{
}

impl<S> HttpService for S where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static
{
}

impl<S: HttpService> Http<S> {
    pub(super) fn new(service: S) -> Self {
        let mut builder = auto::Builder::new(TokioExecutor::new());
        // hyper's timeout for heads runs during the pause between two requests, too: `Activity` has one for each.
        builder.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(MAX_HEAD_BYTES);
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_header_list_size(MAX_HEAD_BYTES as u32)
            .max_concurrent_streams(MAX_STREAMS)
            .max_pending_accept_reset_streams(MAX_PENDING_RESETS)
            .max_local_error_reset_streams(MAX_ERROR_RESETS)
            .max_send_buf_size(MAX_STREAM_BUFFER_BYTES)
            .keep_alive_interval(PING_EVERY)
            .keep_alive_timeout(HEAD_WITHIN);
        Self { builder, service }
    }

    /// Serves a connection until it ends, is upgraded, or expires. When the server stops, the requests in progress
    /// still get their responses.
    pub(super) async fn serve<T>(&self, stream: T, peer: Peer, mut is_stopping: watch::Receiver<bool>)
    where
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let activity = Activity::new();
        let service = service_fn(|request| respond(self.service.clone(), peer, Arc::clone(&activity), request));
        let stream = TokioIo::new(TimedStream::new(stream, Arc::clone(&activity)));
        let mut connection = pin!(self.builder.serve_connection_with_upgrades(stream, service));
        tokio::select! {
            biased;
            // A connection that fails is its client's affair.
            _ = connection.as_mut() => return,
            expired = activity.expired() => match expired {
                Expired::Head => return,
                Expired::KeepAlive => {}
            },
            _ = is_stopping.wait_for(|is_stopping| *is_stopping) => {}
        }
        connection.as_mut().graceful_shutdown();
        activity.drain();
        tokio::select! {
            biased;
            _ = connection => {}
            _ = activity.expired() => {}
        }
    }
}

/// Passes a request to the service.
async fn respond(
    service: impl HttpService,
    peer: Peer,
    activity: Arc<Activity>,
    mut request: Request<Incoming>,
) -> Result<Response<TrackedBody>, Infallible> {
    let in_progress = activity.begin(request.version());
    request.extensions_mut().insert(peer);
    if let Some(on_upgrade) = request.extensions_mut().remove::<OnUpgrade>() {
        request.extensions_mut().insert(Upgrade::new(bare_stream(on_upgrade)));
    }
    let response = service.oneshot(request.map(Body::new)).await?;
    drop(in_progress);
    Ok(response.map(|body| TrackedBody::new(body, activity)))
}

/// The TCP stream of an upgraded connection, and the bytes that were read from it behind the request.
async fn bare_stream(on_upgrade: OnUpgrade) -> Option<(TcpStream, Vec<u8>)> {
    let upgraded = on_upgrade.await.ok()?;
    let parts = auto::upgrade::downcast::<TokioIo<TimedStream<TcpStream>>>(upgraded).ok()?;
    // A copy, which is mostly empty: `into` would keep hyper's whole buffer of 8 KB for as long as the socket is open.
    Some((parts.io.into_inner().into_inner(), parts.read_buf.to_vec()))
}
