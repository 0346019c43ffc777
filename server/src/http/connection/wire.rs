//! A bare connection: what is read of it, and whether its peer is still there. Called by `connection`; knows
//! nothing of requests.

use std::future::{pending, poll_fn};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::ready;
use std::time::Duration;

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The most that is read at a time. It stands on the stack, and only while the kernel fills it.
const READ_BYTES: usize = 8 * 1024;
/// A peer that takes longer for an answer has gone: the longest are some 300 KB, and more in a house of thousands of rooms.
const WRITTEN_WITHIN: Duration = Duration::from_secs(60);

/// See the module.
pub(in crate::http) struct Wire {
    pub(in crate::http) stream: TcpStream,
    /// Read, and not used yet.
    pub(in crate::http) unread: Bytes,
}

/// The peer has gone, or the connection with it.
#[derive(Debug)]
pub(in crate::http) struct Gone;

impl Wire {
    pub(in crate::http) fn new(stream: TcpStream) -> Self {
        Self { stream, unread: Bytes::new() }
    }

    /// Reads what there is, once there is something. Cancel safe.
    pub(in crate::http) async fn read(&mut self) -> Result<(), Gone> {
        poll_fn(|cx| {
            let mut room = [MaybeUninit::uninit(); READ_BYTES];
            let mut room = ReadBuf::uninit(&mut room);
            let read = ready!(Pin::new(&mut self.stream).poll_read(cx, &mut room));
            if read.is_err() || room.filled().is_empty() {
                return Err(Gone).into();
            }
            self.unread = match self.unread.is_empty() {
                true => Bytes::copy_from_slice(room.filled()),
                false => [&self.unread, room.filled()].concat().into(),
            };
            Ok(()).into()
        })
        .await
    }

    /// Takes off what was used.
    pub(in crate::http) fn advance(&mut self, n_bytes: usize) {
        self.unread.advance(n_bytes);
        if self.unread.is_empty() {
            // Even empty it would keep all that was read in memory.
            self.unread = Bytes::new();
        }
    }

    /// Resolves when the peer has gone, if that can be seen: not behind what it sent after its request.
    pub(in crate::http) async fn left(&self) {
        if self.unread.is_empty() {
            let peeked = poll_fn(|cx| self.stream.poll_peek(cx, &mut ReadBuf::new(&mut [0]))).await;
            if !peeked.is_ok_and(|n_bytes| n_bytes > 0) {
                return;
            }
        }
        pending().await
    }

    /// Writes all of it. Not cancel safe.
    pub(in crate::http) async fn write(&mut self, bytes: &[u8]) -> Result<(), Gone> {
        match timeout(WRITTEN_WITHIN, self.stream.write_all(bytes)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Gone),
        }
    }
}
