//! How a reader is woken: rung any number of times, heard once. One reader, any number of ringers.

use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::task::Poll;

use futures_util::task::AtomicWaker;

/// Why a reader must end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// Its session has ended.
    SignedOut,
    /// The server stops.
    ShuttingDown,
}

/// See the module. An [`AtomicWaker`] costs an idle reader 24 bytes and a ring one compare-and-swap.
#[derive(Default)]
pub(super) struct Bell {
    waker: AtomicWaker,
    rung: AtomicBool,
    closing: AtomicU8,
}

const OPEN: u8 = 0;
const SIGNED_OUT: u8 = 1;
const SHUTTING_DOWN: u8 = 2;

impl Bell {
    /// Wakes the reader, now or as soon as it listens.
    pub(super) fn ring(&self) {
        if !self.rung.swap(true, Ordering::AcqRel) {
            self.waker.wake();
        }
    }

    /// Tells the reader to end. The first reason stays.
    pub(super) fn close(&self, closing: Closing) {
        let code = match closing {
            Closing::SignedOut => SIGNED_OUT,
            Closing::ShuttingDown => SHUTTING_DOWN,
        };
        let _ = self.closing.compare_exchange(OPEN, code, Ordering::AcqRel, Ordering::Acquire);
        // Not as a ring: who waits for this alone leaves the rings unheard, and there may be one.
        self.rung.store(true, Ordering::Release);
        self.waker.wake();
    }

    /// Whether the reader must end, and why.
    pub(super) fn closing(&self) -> Option<Closing> {
        match self.closing.load(Ordering::Acquire) {
            OPEN => None,
            SIGNED_OUT => Some(Closing::SignedOut),
            _ => Some(Closing::ShuttingDown),
        }
    }

    /// Waits until the reader must end, and leaves the rings to be heard. Cancel safe.
    pub(super) async fn closed(&self) {
        poll_fn(|context| {
            self.waker.register(context.waker());
            if self.closing().is_some() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    /// Waits until the bell has been rung since it was last heard. Cancel safe: a ring that isn't heard stays.
    pub(super) async fn heard(&self) {
        poll_fn(|context| {
            if self.rung.swap(false, Ordering::AcqRel) {
                return Poll::Ready(());
            }
            self.waker.register(context.waker());
            // It may have been rung between the look and the registration.
            if self.rung.swap(false, Ordering::AcqRel) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::task::yield_now;
    use tokio::time::timeout;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_waits_for_the_end_alone_hears_of_it_though_the_bell_was_rung_before() {
        let bell = Bell::default();
        bell.ring();
        let end = async {
            yield_now().await;
            bell.close(Closing::SignedOut);
        };
        let (heard, ()) = tokio::join!(timeout(Duration::from_secs(1), bell.closed()), end);
        assert!(heard.is_ok(), "nobody was woken");
        bell.heard().await;
    }
}
