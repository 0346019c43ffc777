//! Holds the pages of a store on their way to the reader: the store has read them, and the reader waits for them.

use std::sync::Arc;

use async_trait::async_trait;
use hubbub::store::{Store, StoreError};
use hubbub_protocol::{Event, RoomId, Seq};
use tokio::sync::{Notify, watch};

use super::intercepted_store::Interceptor;

/// A switch for the pages before a seq: while it is on, the store reads them but returns none.
#[derive(Default)]
pub(crate) struct Hold {
    is_held: watch::Sender<bool>,
    read: Notify,
}

impl Hold {
    pub(crate) fn hold(&self) {
        self.is_held.send_replace(true);
    }

    pub(crate) fn release(&self) {
        self.is_held.send_replace(false);
    }

    /// Waits until the store has read a page that is held.
    pub(crate) async fn has_read(&self) {
        self.read.notified().await;
    }

    async fn pass(&self) {
        let mut is_held = self.is_held.subscribe();
        if *is_held.borrow() {
            self.read.notify_one();
        }
        // Waiting fails only when the sender is gone, and `self` owns the sender.
        let _ = is_held.wait_for(|is_held| !is_held).await;
    }
}

#[async_trait]
impl Interceptor for Arc<Hold> {
    async fn events_before(
        &self,
        real: &dyn Store,
        room: RoomId,
        before: Seq,
        limit: usize,
    ) -> Result<Vec<Event>, StoreError> {
        let events = real.events_before(room, before, limit).await;
        self.pass().await;
        events
    }
}
