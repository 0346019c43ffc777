//! The trait that every store implements. Called by chat and hub; `server/tests/store_contract.rs` checks each store
//! against it.

use async_trait::async_trait;
use hubbub_protocol::{
    Epoch, Member, MemberId, Message, MessageId, Reactors, Revision, RoomId, RoomInfo, Seq, Slug, UnixMillis,
};

use super::{
    ChangedRows, Committed, CreateRoomError, Decide, NewRoom, NewSession, OperationError, PageQuery, RoomPage, Session,
    StartSessionError, StoreError, Submitted, TokenHash,
};

/// A durable store of streams, rooms, messages, members and sessions.
///
/// Reads return only committed data. A write is durable when it returns `Ok`.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Returns the epoch: a number that changes when a backup is restored, and may change while the store is open.
    fn epoch(&self) -> Epoch;

    /// Carries out a batch of operations in one transaction, in the given order. Returns one result for each operation, in
    /// the same order.
    ///
    /// The transaction locks the stream of every room that the batch names, in the order of their ids, and reads what the
    /// operations touch. Then it calls `decide` for each operation, with the effects of the operations before it. Each
    /// change gets the next seq of its stream. Several processes may write the same store.
    ///
    /// An operation whose `(room, op)` was carried out before changes nothing: the result is [`Committed::Before`] if
    /// author, kind, target and content are the same, else [`OperationError::Conflict`]. The content is compared unless its
    /// text has been erased since. The ids of posts are remembered for ever, other ids for 30 days. A refused operation
    /// has no effect on the others and is not remembered.
    ///
    /// # Errors
    /// After an outer error, nothing of the batch is stored, except as [`StoreError::Unknown`] and [`StoreError::Broken`]
    /// say.
    async fn commit(
        &self,
        batch: Vec<Submitted>,
        decide: Decide,
    ) -> Result<Vec<Result<Committed, OperationError>>, StoreError>;

    /// Returns the seq of the last change of a room, 0 if there are none; `None` if there is no such room.
    async fn head(&self, room: RoomId) -> Result<Option<Seq>, StoreError>;
    /// Returns up to [`hubbub_protocol::limits::PAGE_MESSAGES`] messages with their quoted messages, the reader's reactions
    /// and the state of the room, all of one moment. `None` if there is no such room.
    async fn page(&self, room: RoomId, reader: MemberId, query: PageQuery) -> Result<Option<RoomPage>, StoreError>;
    /// Returns the messages whose `rev` is above `after`, at most `limit`, all of one moment. `None` if there is no such
    /// room.
    async fn changed_after(
        &self,
        room: RoomId,
        reader: MemberId,
        after: Seq,
        limit: usize,
    ) -> Result<Option<ChangedRows>, StoreError>;
    /// Returns who reacted to a message, by emoji in the order of the message's reactions, at most `limit` for an emoji.
    /// Empty if there is no such message.
    async fn reactors(&self, room: RoomId, message: MessageId, limit: usize) -> Result<Vec<Reactors>, StoreError>;
    /// Returns the earlier texts of a message, the oldest first. Empty if the message was never edited or is deleted.
    async fn revisions(&self, room: RoomId, message: MessageId) -> Result<Vec<Revision>, StoreError>;

    /// Returns all rooms, oldest first.
    async fn rooms(&self) -> Result<Vec<RoomInfo>, StoreError>;
    /// Returns all rooms with the last text of each that is not deleted, oldest room first.
    async fn rooms_with_last_message(&self) -> Result<Vec<(RoomInfo, Option<Message>)>, StoreError>;
    /// Returns the room with this id, if there is one.
    async fn room(&self, id: RoomId) -> Result<Option<RoomInfo>, StoreError>;
    /// Returns the room with this slug, its name in URLs, if there is one.
    async fn room_by_slug(&self, slug: &Slug) -> Result<Option<RoomInfo>, StoreError>;
    /// Creates a room under the first free slug of `name`, `name-2`, `name-3`, …
    ///
    /// # Errors
    /// [`CreateRoomError::NameTaken`] if another room has the name, compared without regard to case.
    async fn create_room(&self, room: NewRoom) -> Result<RoomInfo, CreateRoomError>;

    /// Creates a member and a session for it in one transaction, and releases the names of expired sessions.
    ///
    /// # Errors
    /// [`StartSessionError::NameTaken`] if a live session holds the name, compared without regard to case.
    async fn start_session(&self, session: NewSession) -> Result<Member, StartSessionError>;
    /// Returns the session of a token if it has not expired at `now`.
    async fn session(&self, token: TokenHash, now: UnixMillis) -> Result<Option<Session>, StoreError>;
    /// Sets the time at which a session expires.
    async fn extend_session(&self, token: TokenHash, expires_at: UnixMillis) -> Result<(), StoreError>;
    /// Ends a session and releases its member's name. Does nothing if there is no such session.
    async fn end_session(&self, token: TokenHash) -> Result<(), StoreError>;

    /// Makes one durable write. Fails if the store can't be written now. Called for `/readyz`.
    async fn check(&self) -> Result<(), StoreError>;
    /// Waits for the write that is running and closes the store. Called once, as the last call.
    async fn close(&self);
}
