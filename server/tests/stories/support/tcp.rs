//! Opens the TCP connections of the stories. Their buffers have sizes of their own, so that no test depends on the
//! kernel's defaults.

use std::io::Result;
use std::net::SocketAddr;

use tokio::net::{TcpSocket, TcpStream};

/// The receive buffer of each client. Linux doubles it for its own bookkeeping, and doesn't let it grow. It is small, so
/// that the bytes that a client doesn't read stay with the server.
const RECEIVE_BUFFER_BYTES: u32 = 16 * 1024;

/// Connects to a server.
///
/// # Errors
/// The system's: above all that nobody listens.
pub(crate) async fn connect(to: SocketAddr) -> Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    // Before the connection is opened, because its window scale is agreed on then.
    socket.set_recv_buffer_size(RECEIVE_BUFFER_BYTES)?;
    let stream = socket.connect(to).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}
