//! A TCP connection of which something was read already: whoever reads next reads that first. http makes it when it has
//! looked at a request and lets another answer; the WebSocket takes it apart again. Knows nothing of what is said.

use std::io::{IoSlice, Result};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// See the module.
pub struct Rewound {
    stream: TcpStream,
    unread: Bytes,
    fullness: Arc<Fullness>,
    look: Option<Look>,
}

/// Is shown what is read.
type Look = Box<dyn FnMut(&[u8]) + Send>;

/// Whether the kernel takes what it is given, for someone to look at who doesn't own the stream.
#[derive(Default)]
pub struct Fullness {
    is_full: AtomicBool,
    n_taken: AtomicUsize,
}

impl Fullness {
    /// How often it has taken something, if it took less than it was last given.
    #[must_use]
    pub fn full_after(&self) -> Option<usize> {
        self.is_full.load(Ordering::Acquire).then(|| self.n_taken.load(Ordering::Acquire))
    }
}

impl Rewound {
    /// The stream, with what was read of it put back.
    #[must_use]
    pub fn new(stream: TcpStream, unread: Bytes) -> Self {
        Self { stream, unread, fullness: Arc::default(), look: None }
    }

    /// The same, with someone who is shown what is read of it, what was put back too.
    #[must_use]
    pub fn shown_to(self, look: impl FnMut(&[u8]) + Send + 'static) -> Self {
        Self { look: Some(Box::new(look)), ..self }
    }

    /// See there.
    #[must_use]
    pub fn fullness(&self) -> Arc<Fullness> {
        Arc::clone(&self.fullness)
    }

    /// The bare stream, and what is to be read before it; `read_last` was read from this, but not used.
    #[must_use]
    pub fn into_parts(self, read_last: &[u8]) -> (TcpStream, Bytes) {
        // Copied, so that a large buffer isn't kept for the few bytes in it.
        (self.stream, [read_last, &self.unread].concat().into())
    }

    fn note<T>(&self, written: Poll<T>) -> Poll<T> {
        self.fullness.n_taken.fetch_add(usize::from(written.is_ready()), Ordering::AcqRel);
        self.fullness.is_full.store(written.is_pending(), Ordering::Release);
        written
    }
}

impl AsyncRead for Rewound {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        let n_before = into.filled().len();
        if self.unread.is_empty() {
            ready!(Pin::new(&mut self.stream).poll_read(cx, into))?;
        } else {
            let n_bytes = self.unread.len().min(into.remaining());
            into.put_slice(&self.unread[..n_bytes]);
            self.unread.advance(n_bytes);
            if self.unread.is_empty() {
                self.unread = Bytes::new();
            }
        }
        if let Some(look) = &mut self.look {
            look(&into.filled()[n_before..]);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Rewound {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.note(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.note(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn what_was_read_comes_first_and_once() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        peer.write_all(b"three four").await.unwrap();

        let mut rewound = Rewound::new(stream, Bytes::from("one two "));
        let mut read = [0; 4];
        rewound.read_exact(&mut read).await.unwrap();
        assert_eq!(&read, b"one ");
        let (stream, unread) = rewound.into_parts(b"");
        let mut rewound = Rewound::new(stream, unread);
        let mut read = [0; 14];
        rewound.read_exact(&mut read).await.unwrap();
        assert_eq!(&read, b"two three four");
        assert_eq!(rewound.into_parts(b"five").1, "five");
    }

    #[tokio::test]
    async fn it_is_full_while_the_kernel_takes_nothing_more() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let mut rewound = Rewound::new(listener.accept().await.unwrap().0, Bytes::new());
        let fullness = rewound.fullness();
        let mut n_bytes = 0;
        let mut write = |rewound: &mut Rewound, cx: &mut Context<'_>| {
            while let Poll::Ready(n_written) = Pin::new(&mut *rewound).poll_write(cx, &[0; 64 * 1024]) {
                n_bytes += n_written.unwrap();
            }
            Poll::Ready(())
        };
        std::future::poll_fn(|cx| write(&mut rewound, cx)).await;
        let full_after = fullness.full_after();
        assert!(full_after.is_some_and(|n_taken| n_taken > 0));

        let mut read = vec![0; n_bytes];
        peer.read_exact(&mut read).await.unwrap();
        rewound.write_all(b"more").await.unwrap();
        assert_eq!(fullness.full_after(), None);
    }
}
