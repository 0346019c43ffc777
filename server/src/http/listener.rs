//! Connections in, requests out: hyper under limits of our own, and a stop that lets requests finish.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, header};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Notify;
use tokio::time::timeout;
use tower::ServiceExt;

use super::address::Peer;

/// Connections that may wait to be accepted: tokio's default of 128 overflows when everyone reconnects at once, and
/// each that is dropped costs its client a retry after 1 s.
const BACKLOG: u32 = 4_096;
/// A client that takes longer to send its headers is closed.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// The most that a request's headers may take; more is answered with 431.
const MAX_HEADER_BYTES: usize = 16 * 1024;
/// After an error that isn't one connection's (no descriptors left, mostly), accepting waits this long.
const BREATHER: Duration = Duration::from_millis(100);

/// Binds an address.
///
/// # Errors
/// The system's: in use, not ours, not allowed.
pub fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until `stop` resolves, then lets the requests under way finish. Sockets that were upgraded are not waited
/// for: they are the hub's.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let requests = GracefulShutdown::new();
    let mut server = auto::Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS_WITHIN).max_buf_size(MAX_HEADER_BYTES);
    server.http2().timer(TokioTimer::new()).max_header_list_size(MAX_HEADER_BYTES as u32);
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let asked = Arc::new(Notify::new());
                let service = service(&router, peer, Arc::clone(&asked));
                let served = server.serve_connection_with_upgrades(io(stream), service).into_owned();
                tokio::spawn(end_if_silent(Box::pin(requests.watch(served)), asked));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(BREATHER).await;
            }
        }
    }
    drop(listener);
    requests.shutdown().await;
}

/// Serves a connection unless its first request doesn't come: hyper's own limit begins once it has seen which version
/// of HTTP is spoken, and who says nothing, or half of that, would be waited for for ever.
///
/// Boxed, because what is given to an async function and pinned in it has its room there twice, and ten thousand of
/// these stand idle.
async fn end_if_silent<F: Future>(mut served: Pin<Box<F>>, asked: Arc<Notify>) {
    tokio::select! {
        // A connection that fails is its client's affair.
        _ = &mut served => return,
        first = timeout(HEADERS_WITHIN, asked.notified()) => if first.is_err() { return },
    }
    served.await;
}

/// Without `TCP_NODELAY` a sixth of the throughput is left, and a lone message waits for an acknowledgement.
fn io(stream: TcpStream) -> TokioIo<TcpStream> {
    // It fails only on a socket that is closed already, and then so does the first read.
    let _ = stream.set_nodelay(true);
    TokioIo::new(stream)
}

fn service(
    router: &Router,
    peer: SocketAddr,
    asked: Arc<Notify>,
) -> TowerToHyperService<
    impl tower::Service<
        Request<Incoming>,
        Response = axum::response::Response,
        Error = std::convert::Infallible,
        Future: Send + 'static,
    >
    + Clone
    + Send
    + 'static
    + use<>,
> {
    let address = peer.ip().to_canonical();
    let router = router.clone();
    TowerToHyperService::new(router.map_request(move |request: Request<Incoming>| {
        asked.notify_one();
        let mut request = request.map(Body::new);
        name_host(&mut request);
        request.extensions_mut().insert(Peer(address));
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
