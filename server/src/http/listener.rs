//! Accepts connections until the server stops, then lets their requests finish. Called by `serve`; what is said on a
//! connection is its own affair.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpSocket};

use super::Site;
use super::connection::{Connection, Servers, Stopper, Wire};

/// Connections that may wait to be accepted: tokio's default of 128 overflows when everyone reconnects at once, and
/// each that is dropped costs its client a retry after 1 s.
const BACKLOG: u32 = 4_096;
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
pub async fn serve(listener: TcpListener, site: Arc<Site>, router: Router, stop: impl Future<Output = ()>) {
    let stopper = Stopper::new();
    let servers = Servers::new(site, router);
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                // Without it a sixth of the throughput is left, and a lone message waits for an acknowledgement. It
                // fails only on a socket that is closed already, and then so does the first read.
                let _ = stream.set_nodelay(true);
                let connection = Connection::new(Arc::clone(&servers), peer.ip(), stopper.watch());
                tokio::spawn(connection.serve(Wire::new(stream)));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(BREATHER).await;
            }
        }
    }
    drop(listener);
    stopper.stop().await;
}
