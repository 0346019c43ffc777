//! A gate between the store and its callers: while it is closed, the store reads a page but doesn't return it.

use std::sync::Arc;

use async_trait::async_trait;
use hubbub::store::{PageQuery, RoomPage, Store, StoreError};
use hubbub_protocol::{MemberId, RoomId};
use tokio::sync::{Notify, watch};

use super::intercepted_store::Interceptor;

/// Open at first. Acts on `Store::page`.
#[derive(Default)]
pub(crate) struct PageGate {
    is_closed: watch::Sender<bool>,
    /// Notified when a page was read while the gate was closed.
    stopped: Notify,
}

impl PageGate {
    pub(crate) fn close(&self) {
        self.is_closed.send_replace(true);
    }

    pub(crate) fn open(&self) {
        self.is_closed.send_replace(false);
    }

    /// Waits until the store has read a page that the closed gate stops.
    pub(crate) async fn has_stopped_a_page(&self) {
        self.stopped.notified().await;
    }

    async fn pass(&self) {
        let mut is_closed = self.is_closed.subscribe();
        if *is_closed.borrow() {
            self.stopped.notify_one();
        }
        // Waiting fails only if the sender was dropped, and `self` owns the sender.
        let _ = is_closed.wait_for(|is_closed| !is_closed).await;
    }
}

#[async_trait]
impl Interceptor for Arc<PageGate> {
    async fn page(
        &self,
        real: &dyn Store,
        room: RoomId,
        reader: MemberId,
        query: PageQuery,
    ) -> Result<Option<RoomPage>, StoreError> {
        let page = real.page(room, reader, query).await;
        self.pass().await;
        page
    }
}
