//! Binds the port, and accepts connections until the server stops. Called by `main` and `serve`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;

use super::connection::{Http, HttpService};
use crate::http::address::Peer;

/// The most connections that wait to be accepted. With tokio's default of 128 the queue overflows when all clients reconnect
/// at once, and a client whose connection is dropped tries again after 1 s.
const BACKLOG: u32 = 4_096;
/// The send buffer of each connection: about so many bytes wait in the kernel for a client that reads nothing, and the
/// kernel's bookkeeping takes as much again. By default Linux lets the buffer grow to 4 MB (`tcp_wmem`). A client that is
/// 200 ms away still receives 640 KB/s.
const SEND_BUFFER_BYTES: u32 = 128 * 1024;
/// The pause after an error of `accept`. The usual cause is that no file descriptors are left.
const PAUSE_AFTER_ERROR: Duration = Duration::from_millis(100);

/// Binds an address.
///
/// # Errors
/// The system's, for example because the port is in use or needs privileges.
pub fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    // Accepted connections inherit it.
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves `service` until `stop` resolves, then waits for the requests in progress. Doesn't wait for
/// upgraded connections, which the hub closes.
pub async fn serve<S: HttpService>(listener: TcpListener, service: S, stop: impl Future<Output = ()>) {
    let (stopping, is_stopping) = watch::channel(false);
    let http = Arc::new(Http::new(service));
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, address)) => {
                // Without TCP_NODELAY a lone message waits for an acknowledgement (measured: a sixth of the throughput).
                // The call fails only on a closed socket, and then the first read fails, too.
                let _ = stream.set_nodelay(true);
                let (http, is_stopping) = (Arc::clone(&http), is_stopping.clone());
                tokio::spawn(async move { http.serve(stream, Peer::new(address.ip()), is_stopping).await });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE_AFTER_ERROR).await;
            }
        }
    }
    drop(listener);
    drop(is_stopping);
    stopping.send_replace(true);
    // Each connection holds a receiver until it ends.
    stopping.closed().await;
}
