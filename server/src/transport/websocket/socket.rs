//! One WebSocket (RFC 6455): receives messages and sends frames. Knows nothing of their content.
//!
//! The library reads, and writes pongs and close frames. The other frames are written to the TCP stream directly, because
//! they are encoded once for all connections, header included: one system call writes all that are due, nothing is
//! copied, and an idle connection has no write buffer.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use hubbub_protocol::limits::MAX_FRAME_BYTES;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Error, Message, Utf8Bytes};

use super::stream::{SharedStream, write_some};
use crate::hub::{FrameWriter, Unwritten};

/// What the library reads at a time (measured: its default of 128 KiB costs 135 KB an idle socket).
const READ_BUFFER_BYTES: usize = 512;
/// Bytes that the library may hold back of its pongs and close frames.
const CONTROL_BUFFER_BYTES: usize = 16 * 1024;
/// A peer that takes no bytes for this long is disconnected. It resumes from its cursor when it reconnects.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);
/// Timeout of a close frame: the time that a peer has to read it.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// One end of a WebSocket.
pub struct Socket {
    inner: WebSocketStream<SharedStream>,
    /// Whether the library may hold a part of a pong or ping, which must be written before our frames.
    library_wrote: bool,
}

/// An event of a socket: a message, a ping or a pong, a close frame, or the end of the stream.
pub enum SocketEvent {
    /// A text message.
    Text(Utf8Bytes),
    /// A binary message.
    Binary(Bytes),
    /// A ping or a pong. It shows that the peer still responds.
    PingOrPong,
    /// A close frame. [`Socket::answer_close`] answers it.
    Close,
    /// The end of the stream. The close code is given if the peer violated the protocol.
    End(Option<CloseCode>),
}

impl Socket {
    /// Creates a socket after the handshake, from the stream and the bytes that were read behind the handshake. Must be
    /// called within a runtime.
    pub async fn new(stream: TcpStream, read_already: Vec<u8>) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(0)
            .max_write_buffer_size(CONTROL_BUFFER_BYTES)
            .max_message_size(Some(MAX_FRAME_BYTES))
            .max_frame_size(Some(MAX_FRAME_BYTES));
        let stream = SharedStream::new(stream);
        let inner = WebSocketStream::from_partially_read(stream, read_already, Role::Server, Some(config)).await;
        Self { inner, library_wrote: false }
    }

    /// Receives the next message. Cancel safe.
    pub async fn next(&mut self) -> SocketEvent {
        match self.inner.next().await {
            Some(Ok(Message::Text(text))) => SocketEvent::Text(text),
            Some(Ok(Message::Binary(bytes))) => SocketEvent::Binary(bytes),
            Some(Ok(Message::Ping(_))) => {
                self.library_wrote = true;
                SocketEvent::PingOrPong
            }
            Some(Ok(Message::Pong(_) | Message::Frame(_))) => SocketEvent::PingOrPong,
            Some(Ok(Message::Close(_))) => SocketEvent::Close,
            None => SocketEvent::End(None),
            Some(Err(error)) => SocketEvent::End(fault(&error)),
        }
    }

    /// Sends a ping.
    pub(super) async fn ping(&mut self) -> Result<(), Error> {
        self.library_wrote = true;
        let sent = self.inner.send(Message::Ping(Bytes::new()));
        timeout(WRITE_TIMEOUT, sent).await.unwrap_or_else(|_| Err(write_timeout().into()))
    }

    /// Writes all frames, in as few system calls as possible. Not cancel safe.
    pub(super) async fn send(&mut self, unwritten: &mut Unwritten) -> Result<(), Error> {
        self.flush_library().await?;
        let Unwritten { frames, n_bytes_written } = unwritten;
        while !frames.is_empty() {
            match write_some(self.inner.get_ref(), frames, n_bytes_written) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    let writable = self.inner.get_ref().writable();
                    timeout(WRITE_TIMEOUT, writable).await.unwrap_or_else(|_| Err(write_timeout()))?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Flushes the bytes that the library holds, so that frames may be written past it.
    pub async fn flush_library(&mut self) -> Result<(), Error> {
        if self.library_wrote {
            timeout(WRITE_TIMEOUT, self.inner.flush()).await.unwrap_or_else(|_| Err(write_timeout().into()))?;
            self.library_wrote = false;
        }
        Ok(())
    }

    /// Returns a writer that bypasses the library. Call [`Socket::flush_library`] first. Nothing else may write meanwhile.
    pub(super) fn writer(&self) -> Arc<dyn FrameWriter> {
        self.inner.get_ref().writer()
    }

    /// Answers the peer's close frame with the close frame that the library has prepared (RFC 6455, section 5.5.1).
    pub async fn answer_close(mut self) {
        // The socket is dropped in any case.
        let _ = timeout(CLOSE_TIMEOUT, self.inner.flush()).await;
    }

    /// Sends a close frame, and gives the peer a moment to read it: closing a socket with unread bytes resets the
    /// connection, and the close frame would be lost.
    pub async fn close(mut self, code: CloseCode, reason: &'static str) {
        let close = async {
            let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
            self.inner.close(Some(frame)).await?;
            let mut unread = [0; 1024];
            while self.inner.get_mut().read(&mut unread).await? > 0 {}
            Ok::<(), Error>(())
        };
        // The socket is dropped in any case.
        let _ = timeout(CLOSE_TIMEOUT, close).await;
    }
}

/// Returns the close code for a violation of the protocol; None if the connection broke.
fn fault(error: &Error) -> Option<CloseCode> {
    match error {
        Error::Capacity(_) => Some(CloseCode::Size),
        Error::Utf8(_) => Some(CloseCode::Invalid),
        Error::Protocol(_) => Some(CloseCode::Protocol),
        _ => None,
    }
}

fn write_timeout() -> std::io::Error {
    std::io::Error::new(ErrorKind::TimedOut, "the peer takes no bytes")
}

#[cfg(test)]
mod tests;
