//! Wakes the task of one connection: notified any number of times, woken once. One task waits, any number notify.

use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::task::Poll;

use futures_util::task::AtomicWaker;

/// Why a connection must end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// Its session has ended.
    SignedOut,
    /// The server stops.
    ShuttingDown,
}

/// A flag that a task can wait for, and the reason why the task must end. It costs an idle connection 32 bytes, and
/// notifying costs one swap where `tokio::sync::Notify` takes a lock.
#[derive(Default)]
pub(super) struct Notifier {
    waker: AtomicWaker,
    is_notified: AtomicBool,
    closing: AtomicU8,
}

const OPEN: u8 = 0;
const SIGNED_OUT: u8 = 1;
const SHUTTING_DOWN: u8 = 2;

impl Notifier {
    /// Wakes the task, now or as soon as it waits.
    pub(super) fn notify(&self) {
        if !self.is_notified.swap(true, Ordering::AcqRel) {
            self.waker.wake();
        }
    }

    /// Stores the reason why the task must end, and wakes the task. The first reason is kept.
    pub(super) fn close(&self, closing: Closing) {
        let code = match closing {
            Closing::SignedOut => SIGNED_OUT,
            Closing::ShuttingDown => SHUTTING_DOWN,
        };
        let _ = self.closing.compare_exchange(OPEN, code, Ordering::AcqRel, Ordering::Acquire);
        // Not by `notify`: a task that waits in `closed` leaves the flag set, and `notify` would then wake nobody.
        self.is_notified.store(true, Ordering::Release);
        self.waker.wake();
    }

    /// Returns why the task must end; None if it may go on.
    pub(super) fn closing(&self) -> Option<Closing> {
        match self.closing.load(Ordering::Acquire) {
            OPEN => None,
            SIGNED_OUT => Some(Closing::SignedOut),
            _ => Some(Closing::ShuttingDown),
        }
    }

    /// Waits until the task must end. Leaves the flag as it is. Cancel safe.
    pub(super) async fn closed(&self) {
        poll_fn(|context| {
            self.waker.register(context.waker());
            if self.closing().is_some() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    /// Waits for a notification since the last call that returned, and clears the flag. Cancel safe.
    pub(super) async fn notified(&self) {
        poll_fn(|context| {
            if self.is_notified.swap(false, Ordering::AcqRel) {
                return Poll::Ready(());
            }
            self.waker.register(context.waker());
            // `notify` may have been called between reading the flag and registering the waker.
            if self.is_notified.swap(false, Ordering::AcqRel) { Poll::Ready(()) } else { Poll::Pending }
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
    async fn closed_wakes_its_task_also_after_an_earlier_notification() {
        let notifier = Notifier::default();
        notifier.notify();
        let end = async {
            yield_now().await;
            notifier.close(Closing::SignedOut);
        };
        let (closed, ()) = tokio::join!(timeout(Duration::from_secs(1), notifier.closed()), end);
        assert!(closed.is_ok(), "the task was not woken");
        notifier.notified().await;
    }
}
