//! A store whose pages can be held on their way to the reader: read already, and not handed over yet.

use std::sync::Arc;

use async_trait::async_trait;
use hubbub::store::{
    AppendError, Appended, Draft, NewRoom, NewSession, Session, StartSessionError, Store, StoreError, TokenHash,
};
use hubbub_protocol::{Epoch, Event, Member, RoomId, RoomInfo, Seq, Slug, UnixMillis};
use tokio::sync::{Notify, watch};

pub(crate) struct HeldStore {
    real: Arc<dyn Store>,
    hold: Arc<Hold>,
}

/// Whoever holds this holds the pages.
#[derive(Default)]
pub(crate) struct Hold {
    is_held: watch::Sender<bool>,
    read: Notify,
}

impl HeldStore {
    pub(crate) fn over(real: Arc<dyn Store>, hold: Arc<Hold>) -> Arc<Self> {
        Arc::new(Self { real, hold })
    }
}

impl Hold {
    pub(crate) fn hold(&self) {
        self.is_held.send_replace(true);
    }

    pub(crate) fn release(&self) {
        self.is_held.send_replace(false);
    }

    /// Waits until a page was read that is held.
    pub(crate) async fn has_read(&self) {
        self.read.notified().await;
    }

    async fn pass(&self) {
        let mut is_held = self.is_held.subscribe();
        if *is_held.borrow() {
            self.read.notify_one();
        }
        // Waiting fails only when the sender is gone, and `self` is it.
        let _ = is_held.wait_for(|is_held| !is_held).await;
    }
}

#[async_trait]
impl Store for HeldStore {
    async fn events_before(&self, room: RoomId, before: Seq, limit: usize) -> Result<Vec<Event>, StoreError> {
        let events = self.real.events_before(room, before, limit).await;
        self.hold.pass().await;
        events
    }

    async fn append(&self, batch: Vec<Draft>) -> Result<Vec<Result<Appended, AppendError>>, StoreError> {
        self.real.append(batch).await
    }
    fn epoch(&self) -> Epoch {
        self.real.epoch()
    }
    async fn head(&self, room: RoomId) -> Result<Option<Seq>, StoreError> {
        self.real.head(room).await
    }
    async fn events_after(&self, room: RoomId, after: Seq, limit: usize) -> Result<Vec<Event>, StoreError> {
        self.real.events_after(room, after, limit).await
    }
    async fn rooms(&self) -> Result<Vec<RoomInfo>, StoreError> {
        self.real.rooms().await
    }
    async fn rooms_with_last_event(&self) -> Result<Vec<(RoomInfo, Option<Event>)>, StoreError> {
        self.real.rooms_with_last_event().await
    }
    async fn room(&self, id: RoomId) -> Result<Option<RoomInfo>, StoreError> {
        self.real.room(id).await
    }
    async fn room_by_slug(&self, slug: &Slug) -> Result<Option<RoomInfo>, StoreError> {
        self.real.room_by_slug(slug).await
    }
    async fn create_room(&self, room: NewRoom) -> Result<RoomInfo, StoreError> {
        self.real.create_room(room).await
    }
    async fn start_session(&self, session: NewSession) -> Result<Member, StartSessionError> {
        self.real.start_session(session).await
    }
    async fn session(&self, token: TokenHash, now: UnixMillis) -> Result<Option<Session>, StoreError> {
        self.real.session(token, now).await
    }
    async fn extend_session(&self, token: TokenHash, expires_at: UnixMillis) -> Result<(), StoreError> {
        self.real.extend_session(token, expires_at).await
    }
    async fn end_session(&self, token: TokenHash) -> Result<(), StoreError> {
        self.real.end_session(token).await
    }
    async fn check(&self) -> Result<(), StoreError> {
        self.real.check().await
    }
    async fn close(&self) {
        self.real.close().await;
    }
}
