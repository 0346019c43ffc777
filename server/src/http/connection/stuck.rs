//! Notices a peer that takes nothing of its answer. hyper would hold it, and what is to be written, for ever. Called by
//! `ordinary`, whenever its connection is looked at.

use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::time::Duration;

use tokio::time::{Sleep, sleep};

use crate::transport::Fullness;

/// A peer that takes no byte of an answer for this long has gone: three times what is let pass on a WebSocket, since a
/// page that is being loaded may have to share a poor network with all its other files.
pub(super) const STUCK_AFTER: Duration = Duration::from_secs(30);

/// See the module.
pub(super) struct Stuck {
    fullness: Arc<Fullness>,
    full_after: Option<usize>,
    until: Option<Pin<Box<Sleep>>>,
}

impl Stuck {
    pub(super) fn new(fullness: Arc<Fullness>) -> Self {
        Self { fullness, full_after: None, until: None }
    }

    /// Whether the peer is to be given up. If it isn't, the task is woken when it may be.
    pub(super) fn is_over(&mut self, cx: &mut Context<'_>) -> bool {
        let full_after = self.fullness.full_after();
        if full_after != self.full_after {
            self.full_after = full_after;
            self.until = full_after.map(|_| Box::pin(sleep(STUCK_AFTER)));
        }
        self.until.as_mut().is_some_and(|until| until.as_mut().poll(cx).is_ready())
    }

    /// Whether something waits to be written.
    pub(super) fn is_full(&self) -> bool {
        self.full_after.is_some()
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::task::Poll;

    use bytes::Bytes;
    use tokio::io::{AsyncReadExt, AsyncWrite};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::time::{advance, pause, resume};

    use super::*;
    use crate::transport::Rewound;

    /// Until the kernel takes nothing more.
    async fn fill(stream: &mut Rewound) -> usize {
        let mut n_bytes = 0;
        poll_fn(|cx| {
            while let Poll::Ready(written) = Pin::new(&mut *stream).poll_write(cx, &[0; 64 * 1024]) {
                n_bytes += written.expect("the peer is there");
            }
            Poll::Ready(())
        })
        .await;
        n_bytes
    }

    async fn is_over(stuck: &mut Stuck) -> bool {
        poll_fn(|cx| Poll::Ready(stuck.is_over(cx))).await
    }

    #[tokio::test]
    async fn a_peer_is_given_up_when_it_takes_nothing_and_not_while_it_takes_a_little() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let mut peer = TcpStream::connect(listener.local_addr().expect("an address")).await.expect("it listens");
        let mut stream = Rewound::new(listener.accept().await.expect("a peer").0, Bytes::new());
        let mut stuck = Stuck::new(stream.fullness());
        assert!(!is_over(&mut stuck).await && !stuck.is_full(), "nothing was written");

        let n_bytes = fill(&mut stream).await;
        for _ in 0..3 {
            assert!(!is_over(&mut stuck).await && stuck.is_full());
            pause();
            advance(STUCK_AFTER - Duration::from_secs(5)).await;
            resume();
            assert!(!is_over(&mut stuck).await);
            peer.read_exact(&mut vec![0; n_bytes / 2]).await.expect("what was written");
            poll_fn(|cx| Pin::new(&mut stream).poll_write(cx, b"more")).await.expect("it takes some again");
            fill(&mut stream).await;
        }
        assert!(!is_over(&mut stuck).await);
        pause();
        advance(STUCK_AFTER + Duration::from_secs(1)).await;
        assert!(is_over(&mut stuck).await);
    }
}
