//! Messages in, frames out, over one WebSocket. Knows RFC 6455 and nothing of what is said.
//!
//! The library reads, and writes what it must by itself (pong, close). Frames go to the TCP socket past it, since they
//! are encoded once for everybody, header and all: what is queued leaves in one system call, nothing is copied, and an
//! idle connection holds no write buffer.

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
/// What the library may hold back when it writes by itself.
const CONTROL_BUFFER_BYTES: usize = 16 * 1024;
/// A peer that takes no byte for this long is closed; it resumes from its cursor when it comes back.
const STUCK_AFTER: Duration = Duration::from_secs(10);
/// How long a peer that was told to go may take to read why.
const FAREWELL: Duration = Duration::from_secs(2);

/// One end of a WebSocket.
pub(super) struct Socket {
    inner: WebSocketStream<SharedStream>,
    /// The library may hold bytes that it has begun to write by itself, a pong or a ping. They must be whole before
    /// anything is written past it.
    library_wrote: bool,
}

/// What a peer did.
pub(super) enum Said {
    /// It said something.
    Text(Utf8Bytes),
    /// It said something that isn't text.
    Binary(Bytes),
    /// It showed that it is there.
    Alive,
    /// It said goodbye, and waits for an answer.
    Closed,
    /// It has gone, or must go for this reason.
    Over(Option<CloseCode>),
}

impl Socket {
    /// A socket whose handshake is done, and what had been read beyond it. Must be called within a runtime.
    pub(super) async fn new(stream: TcpStream, read_already: Vec<u8>) -> Self {
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

    /// What the peer does next. Cancel safe.
    pub(super) async fn next(&mut self) -> Said {
        match self.inner.next().await {
            Some(Ok(Message::Text(text))) => Said::Text(text),
            Some(Ok(Message::Binary(bytes))) => Said::Binary(bytes),
            Some(Ok(Message::Ping(_))) => {
                self.library_wrote = true;
                Said::Alive
            }
            Some(Ok(Message::Pong(_) | Message::Frame(_))) => Said::Alive,
            Some(Ok(Message::Close(_))) => Said::Closed,
            None => Said::Over(None),
            Some(Err(error)) => Said::Over(fault(&error)),
        }
    }

    /// Asks the peer whether it is there.
    pub(super) async fn ping(&mut self) -> Result<(), Error> {
        self.library_wrote = true;
        let sent = self.inner.send(Message::Ping(Bytes::new()));
        timeout(STUCK_AFTER, sent).await.unwrap_or_else(|_| Err(stuck().into()))
    }

    /// Writes the frames, all of them in as few system calls as the kernel takes. Not cancel safe.
    pub(super) async fn send(&mut self, unwritten: &mut Unwritten) -> Result<(), Error> {
        self.settle().await?;
        let Unwritten { frames, n_bytes_written } = unwritten;
        while !frames.is_empty() {
            match write_some(self.inner.get_ref(), frames, n_bytes_written) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    let writable = self.inner.get_ref().writable();
                    timeout(STUCK_AFTER, writable).await.unwrap_or_else(|_| Err(stuck()))?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Sees to it that the library has nothing half written, so that others may write.
    pub(super) async fn settle(&mut self) -> Result<(), Error> {
        if self.library_wrote {
            timeout(STUCK_AFTER, self.inner.flush()).await.unwrap_or_else(|_| Err(stuck().into()))?;
            self.library_wrote = false;
        }
        Ok(())
    }

    /// A way out past the library. Whoever writes through it must be the only one who writes, after [`Socket::settle`].
    pub(super) fn writer(&self) -> Arc<dyn FrameWriter> {
        self.inner.get_ref().writer()
    }

    /// Answers a goodbye: the library has the answer ready (RFC 6455, section 5.5.1).
    pub(super) async fn answer_goodbye(mut self) {
        // Whether it arrives is the peer's affair.
        let _ = timeout(FAREWELL, self.inner.flush()).await;
    }

    /// Tells the peer why it must go, and gives it a moment to read that: closing a socket with unread bytes resets
    /// the connection, and the reason would be lost with it.
    pub(super) async fn close(mut self, code: CloseCode, reason: &'static str) {
        let farewell = async {
            let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
            self.inner.close(Some(frame)).await?;
            let mut unread = [0; 1024];
            while self.inner.get_mut().read(&mut unread).await? > 0 {}
            Ok::<(), Error>(())
        };
        // Whether it was read is the peer's affair: either way the socket is dropped here.
        let _ = timeout(FAREWELL, farewell).await;
    }
}

/// The code that tells a peer what it did wrong; none if it has simply gone.
fn fault(error: &Error) -> Option<CloseCode> {
    match error {
        Error::Capacity(_) => Some(CloseCode::Size),
        Error::Utf8(_) => Some(CloseCode::Invalid),
        Error::Protocol(_) => Some(CloseCode::Protocol),
        _ => None,
    }
}

fn stuck() -> std::io::Error {
    std::io::Error::new(ErrorKind::TimedOut, "the peer takes no bytes")
}

#[cfg(test)]
mod tests;
