//! Messages in, frames out, over one WebSocket. Knows RFC 6455 and nothing of what is said.
//!
//! The library reads, and writes what it must by itself (pong, close). Frames go to the TCP socket past it: they are
//! encoded once for everybody, a server's frames are not masked, so all that is each connection's own is a header of 2
//! to 4 bytes. What is queued leaves in one `writev`, nothing is copied, and an idle connection holds no write buffer.

use std::io::{ErrorKind, IoSlice};
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

use crate::hub::Frame;

/// The library's buffers (measured: its defaults of 128 KiB cost 135 KB an idle socket).
const READ_BUFFER_BYTES: usize = 1024;
/// What the library may hold back when it writes by itself.
const CONTROL_BUFFER_BYTES: usize = 16 * 1024;
/// A peer that takes no byte for this long is closed; it resumes from its cursor when it comes back.
const STUCK_AFTER: Duration = Duration::from_secs(10);
/// How long a peer that was told to go may take to read why.
const FAREWELL: Duration = Duration::from_secs(2);
/// Frames of one system call: two slices each, and the kernel takes at most 1,024 (`IOV_MAX`).
const FRAMES_PER_WRITE: usize = 32;

/// One end of a WebSocket.
pub(super) struct Socket {
    inner: WebSocketStream<TcpStream>,
}

/// What a peer did.
pub(super) enum Said {
    /// It said something.
    Text(Utf8Bytes),
    /// It said something that isn't text.
    Binary,
    /// It showed that it is there.
    Alive,
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
        Self { inner: WebSocketStream::from_partially_read(stream, read_already, Role::Server, Some(config)).await }
    }

    /// What the peer does next. Cancel safe.
    pub(super) async fn next(&mut self) -> Said {
        match self.inner.next().await {
            Some(Ok(Message::Text(text))) => Said::Text(text),
            Some(Ok(Message::Binary(_))) => Said::Binary,
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Said::Alive,
            Some(Ok(Message::Close(_))) | None => Said::Over(None),
            Some(Err(error)) => Said::Over(fault(&error)),
        }
    }

    /// Asks the peer whether it is there.
    pub(super) async fn ping(&mut self) -> Result<(), Error> {
        let sent = self.inner.send(Message::Ping(Bytes::new()));
        timeout(STUCK_AFTER, sent).await.unwrap_or_else(|_| Err(stuck().into()))
    }

    /// Writes the frames, all of them in as few system calls as the kernel takes. Not cancel safe.
    pub(super) async fn send(&mut self, frames: &[Frame]) -> Result<(), Error> {
        // What the library has begun to write by itself, a pong or a ping, must be whole before we write past it.
        self.inner.flush().await?;
        for frames in frames.chunks(FRAMES_PER_WRITE) {
            self.write(frames).await?;
        }
        Ok(())
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

    async fn write(&mut self, frames: &[Frame]) -> Result<(), Error> {
        let mut headers = [[0; Header::MAX_BYTES]; FRAMES_PER_WRITE];
        let mut slices = [IoSlice::new(&[]); 2 * FRAMES_PER_WRITE];
        for ((frame, header), slices) in frames.iter().zip(&mut headers).zip(slices.chunks_exact_mut(2)) {
            slices[0] = IoSlice::new(Header::of_text(frame.as_bytes().len()).write(header));
            slices[1] = IoSlice::new(frame.as_bytes());
        }
        let mut rest = &mut slices[..2 * frames.len()];
        let stream = self.inner.get_mut();
        while !rest.is_empty() {
            match stream.try_write_vectored(rest) {
                Ok(0) => return Err(std::io::Error::from(ErrorKind::WriteZero).into()),
                Ok(n_bytes) => IoSlice::advance_slices(&mut rest, n_bytes),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    timeout(STUCK_AFTER, stream.writable()).await.unwrap_or_else(|_| Err(stuck()))?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// A WebSocket frame's header, as a server writes it: final, unmasked (RFC 6455, section 5.2).
struct Header(usize);

impl Header {
    const MAX_BYTES: usize = 10;
    const FINAL_TEXT: u8 = 0x81;

    const fn of_text(n_bytes: usize) -> Self {
        Self(n_bytes)
    }

    fn write(self, buffer: &mut [u8; Self::MAX_BYTES]) -> &[u8] {
        buffer[0] = Self::FINAL_TEXT;
        match (u8::try_from(self.0), u16::try_from(self.0)) {
            (Ok(short), _) if short < 126 => {
                buffer[1] = short;
                &buffer[..2]
            }
            (_, Ok(medium)) => {
                buffer[1] = 126;
                buffer[2..4].copy_from_slice(&medium.to_be_bytes());
                &buffer[..4]
            }
            _ => {
                buffer[1] = 127;
                buffer[2..].copy_from_slice(&(self.0 as u64).to_be_bytes());
                &buffer[..]
            }
        }
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
mod tests {
    use super::*;

    #[test]
    fn a_header_has_the_shortest_length_that_holds() {
        let header = |n_bytes| Header::of_text(n_bytes).write(&mut [0; Header::MAX_BYTES]).to_vec();
        assert_eq!(header(125), [0x81, 125]);
        assert_eq!(header(126), [0x81, 126, 0, 126]);
        assert_eq!(header(65_535), [0x81, 126, 255, 255]);
        assert_eq!(header(65_536), [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
    }
}
