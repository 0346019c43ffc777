//! [`SqliteStore`] implements [`Store`] by calling the file for each kind of row. Opened by `main`.

use std::sync::Arc;

use async_trait::async_trait;
use hubbub_protocol::{
    Epoch, Member, MemberId, Message, MessageId, Reactors, Revision, RoomId, RoomInfo, Seq, Slug, UnixMillis,
};
use sqlx::SqlitePool;
use tokio::task::JoinHandle;

use super::erased::ErasedText;
use super::folder::DataFolder;
use super::marker::Marker;
use super::writer::Writer;
use super::{changed, commit, details, pages, rooms, sessions};
use crate::store::{
    ChangedRows, Committed, CreateRoomError, Decide, NewRoom, NewSession, OperationError, PageQuery, RoomPage, Session,
    StartSessionError, Store, StoreError, Submitted, TokenHash,
};

/// An open data folder. It is locked: no other process can open it.
#[derive(Debug)]
pub struct SqliteStore {
    pub(super) epoch: Epoch,
    pub(super) writer: Arc<Writer>,
    pub(super) readers: SqlitePool,
    pub(super) marker: Marker,
    pub(super) erased: ErasedText,
    pub(super) sweeper: JoinHandle<()>,
    pub(super) folder: DataFolder,
}

/// Cancellation safe: a write whose future is dropped still runs to its end, and is committed whole or not at all.
#[async_trait]
impl Store for SqliteStore {
    fn epoch(&self) -> Epoch {
        self.epoch
    }

    async fn commit(
        &self,
        batch: Vec<Submitted>,
        decide: Decide,
    ) -> Result<Vec<Result<Committed, OperationError>>, StoreError> {
        commit::commit(&self.writer, self.marker.progress(), &self.erased, batch, decide).await
    }

    async fn head(&self, room: RoomId) -> Result<Option<Seq>, StoreError> {
        changed::head(&self.readers, room).await
    }

    async fn page(&self, room: RoomId, reader: MemberId, query: PageQuery) -> Result<Option<RoomPage>, StoreError> {
        pages::page(&self.readers, room, reader, query).await
    }

    async fn changed_after(
        &self,
        room: RoomId,
        reader: MemberId,
        after: Seq,
        limit: usize,
    ) -> Result<Option<ChangedRows>, StoreError> {
        changed::after(&self.readers, room, reader, after, limit).await
    }

    async fn reactors(&self, room: RoomId, message: MessageId, limit: usize) -> Result<Vec<Reactors>, StoreError> {
        details::reactors(&self.readers, room, message, limit).await
    }

    async fn revisions(&self, room: RoomId, message: MessageId) -> Result<Vec<Revision>, StoreError> {
        details::revisions(&self.readers, room, message).await
    }

    async fn rooms(&self) -> Result<Vec<RoomInfo>, StoreError> {
        rooms::all(&self.readers).await
    }

    async fn rooms_with_last_message(&self) -> Result<Vec<(RoomInfo, Option<Message>)>, StoreError> {
        rooms::all_with_last_message(&self.readers).await
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
        self.sweeper.abort();
        self.readers.close().await;
        self.writer.close().await;
        self.marker.close();
        if let Err(error) = self.folder.unlock() {
            tracing::warn!(%error, "the data folder stays locked until the process ends");
        }
    }
}
