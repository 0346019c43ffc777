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
