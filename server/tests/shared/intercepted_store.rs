//! A store for tests that changes some calls of a real store. Included by every test program that needs one.

use std::sync::Arc;

use async_trait::async_trait;
use hubbub::store::{
    ChangedRows, Committed, CreateRoomError, Decide, NewRoom, NewSession, OperationError, PageQuery, RoomPage, Session,
    StartSessionError, Store, StoreError, Submitted, TokenHash,
};
use hubbub_protocol::{
    Epoch, Member, MemberId, Message, MessageId, Reactors, Revision, RoomId, RoomInfo, Seq, Slug, UnixMillis,
};

/// The calls of a store that a test can change. A call that is not implemented reaches the real store unchanged.
#[async_trait]
pub(crate) trait Interceptor: Send + Sync + 'static {
    async fn commit(
        &self,
        real: &dyn Store,
        batch: Vec<Submitted>,
        decide: Decide,
    ) -> Result<Vec<Result<Committed, OperationError>>, StoreError> {
        real.commit(batch, decide).await
    }
    async fn page(
        &self,
        real: &dyn Store,
        room: RoomId,
        reader: MemberId,
        query: PageQuery,
    ) -> Result<Option<RoomPage>, StoreError> {
        real.page(room, reader, query).await
    }
    async fn changed_after(
        &self,
        real: &dyn Store,
        room: RoomId,
        reader: MemberId,
        after: Seq,
        limit: usize,
    ) -> Result<Option<ChangedRows>, StoreError> {
        real.changed_after(room, reader, after, limit).await
    }
    async fn rooms(&self, real: &dyn Store) -> Result<Vec<RoomInfo>, StoreError> {
        real.rooms().await
    }
    async fn room_by_slug(&self, real: &dyn Store, slug: &Slug) -> Result<Option<RoomInfo>, StoreError> {
        real.room_by_slug(slug).await
    }
    async fn session(
        &self,
        real: &dyn Store,
        token: TokenHash,
        now: UnixMillis,
    ) -> Result<Option<Session>, StoreError> {
        real.session(token, now).await
    }
}

/// A real store, with an interceptor before it.
pub(crate) struct InterceptedStore<I> {
    real: Arc<dyn Store>,
    interceptor: I,
}

impl<I: Interceptor> InterceptedStore<I> {
    pub(crate) fn over(real: Arc<dyn Store>, interceptor: I) -> Arc<dyn Store> {
        Arc::new(Self { real, interceptor })
    }
}

#[async_trait]
impl<I: Interceptor> Store for InterceptedStore<I> {
    async fn commit(
        &self,
        batch: Vec<Submitted>,
        decide: Decide,
    ) -> Result<Vec<Result<Committed, OperationError>>, StoreError> {
        self.interceptor.commit(&*self.real, batch, decide).await
    }
    async fn page(&self, room: RoomId, reader: MemberId, query: PageQuery) -> Result<Option<RoomPage>, StoreError> {
        self.interceptor.page(&*self.real, room, reader, query).await
    }
    async fn changed_after(
        &self,
        room: RoomId,
        reader: MemberId,
        after: Seq,
        limit: usize,
    ) -> Result<Option<ChangedRows>, StoreError> {
        self.interceptor.changed_after(&*self.real, room, reader, after, limit).await
    }
    async fn room_by_slug(&self, slug: &Slug) -> Result<Option<RoomInfo>, StoreError> {
        self.interceptor.room_by_slug(&*self.real, slug).await
    }
    async fn session(&self, token: TokenHash, now: UnixMillis) -> Result<Option<Session>, StoreError> {
        self.interceptor.session(&*self.real, token, now).await
    }

    fn epoch(&self) -> Epoch {
        self.real.epoch()
    }
    async fn head(&self, room: RoomId) -> Result<Option<Seq>, StoreError> {
        self.real.head(room).await
    }
    async fn reactors(&self, room: RoomId, message: MessageId, limit: usize) -> Result<Vec<Reactors>, StoreError> {
        self.real.reactors(room, message, limit).await
    }
    async fn revisions(&self, room: RoomId, message: MessageId) -> Result<Vec<Revision>, StoreError> {
        self.real.revisions(room, message).await
    }
    async fn rooms(&self) -> Result<Vec<RoomInfo>, StoreError> {
        self.interceptor.rooms(&*self.real).await
    }
    async fn rooms_with_last_message(&self) -> Result<Vec<(RoomInfo, Option<Message>)>, StoreError> {
        self.real.rooms_with_last_message().await
    }
    async fn room(&self, id: RoomId) -> Result<Option<RoomInfo>, StoreError> {
        self.real.room(id).await
    }
    async fn create_room(&self, room: NewRoom) -> Result<RoomInfo, CreateRoomError> {
        self.real.create_room(room).await
    }
    async fn start_session(&self, session: NewSession) -> Result<Member, StartSessionError> {
        self.real.start_session(session).await
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
