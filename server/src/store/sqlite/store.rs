//! [`SqliteStore`] implements [`Store`] by calling the file for each kind of row. Opened by `main`.

use async_trait::async_trait;
use hubbub_protocol::{Epoch, Event, Member, RoomId, RoomInfo, Seq, Slug, UnixMillis};
use sqlx::SqlitePool;

use super::folder::DataFolder;
use super::marker::Marker;
use super::writer::Writer;
use super::{append, events, rooms, sessions};
use crate::store::{
    AppendError, Appended, CreateRoomError, Draft, NewRoom, NewSession, Session, StartSessionError, Store, StoreError,
    TokenHash,
};

/// An open data folder. It is locked: no other process can open it.
#[derive(Debug)]
pub struct SqliteStore {
    pub(super) epoch: Epoch,
    pub(super) writer: Writer,
    pub(super) readers: SqlitePool,
    pub(super) marker: Marker,
    pub(super) folder: DataFolder,
}

/// Cancellation safe: a write whose future is dropped still runs to its end, and is committed whole or not at all.
#[async_trait]
impl Store for SqliteStore {
    fn epoch(&self) -> Epoch {
        self.epoch
    }

    async fn append(&self, batch: Vec<Draft>) -> Result<Vec<Result<Appended, AppendError>>, StoreError> {
        append::append(&self.writer, self.marker.progress(), batch).await
    }

    async fn head(&self, room: RoomId) -> Result<Option<Seq>, StoreError> {
        events::head(&self.readers, room).await
    }

    async fn events_after(&self, room: RoomId, after: Seq, limit: usize) -> Result<Vec<Event>, StoreError> {
        events::after(&self.readers, room, after, limit).await
    }

    async fn events_before(&self, room: RoomId, before: Seq, limit: usize) -> Result<Vec<Event>, StoreError> {
        events::before(&self.readers, room, before, limit).await
    }

    async fn rooms(&self) -> Result<Vec<RoomInfo>, StoreError> {
        rooms::all(&self.readers).await
    }

    async fn rooms_with_last_event(&self) -> Result<Vec<(RoomInfo, Option<Event>)>, StoreError> {
        rooms::all_with_last_event(&self.readers).await
    }

    async fn room(&self, id: RoomId) -> Result<Option<RoomInfo>, StoreError> {
        rooms::by_id(&self.readers, id).await
    }

    async fn room_by_slug(&self, slug: &Slug) -> Result<Option<RoomInfo>, StoreError> {
        rooms::by_slug(&self.readers, slug).await
    }

    async fn create_room(&self, room: NewRoom) -> Result<RoomInfo, CreateRoomError> {
        rooms::create(&self.writer, room).await
    }

    async fn start_session(&self, session: NewSession) -> Result<Member, StartSessionError> {
        sessions::start(&self.writer, session).await
    }

    async fn session(&self, token: TokenHash, now: UnixMillis) -> Result<Option<Session>, StoreError> {
        sessions::live(&self.readers, token, now).await
    }

    async fn extend_session(&self, token: TokenHash, expires_at: UnixMillis) -> Result<(), StoreError> {
        sessions::extend(&self.writer, token, expires_at).await
    }

    async fn end_session(&self, token: TokenHash) -> Result<(), StoreError> {
        sessions::end(&self.writer, token).await
    }

    async fn check(&self) -> Result<(), StoreError> {
        self.writer.check().await
    }

    async fn close(&self) {
        // The writer is closed after the readers: the last connection copies the -wal file into the database.
        self.readers.close().await;
        self.writer.close().await;
        self.marker.close();
        if let Err(error) = self.folder.unlock() {
            tracing::warn!(%error, "the data folder stays locked until the process ends");
        }
    }
}
