//! The trait that every store implements. Called by chat and hub; `server/tests/store_contract.rs` checks each store
//! against it.

use async_trait::async_trait;
use hubbub_protocol::{Epoch, Event, Member, RoomId, RoomInfo, Seq, Slug, UnixMillis};

use super::{
    AppendError, Appended, CreateRoomError, Draft, NewRoom, NewSession, Session, StartSessionError, StoreError,
    TokenHash,
};

/// A durable store of rooms, their logs, members and sessions.
///
/// Reads return only committed data. A write is durable when it returns `Ok`.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Returns the epoch: a number that changes when a backup is restored.
    fn epoch(&self) -> Epoch;

    /// Appends a batch in one transaction, in the given order. Returns one result for each draft, in the same order.
    ///
    /// A draft whose `(room, id)` is stored already is not stored again: the result is [`Appended::Before`] if author
    /// and body are the same, else [`AppendError::Conflict`]. A refused draft does not affect the other drafts.
    ///
    /// # Errors
    /// After an outer error, nothing of the batch is stored. The exception is [`StoreError::Broken`]: then the outcome
    /// is unknown, and the process must stop.
    async fn append(&self, batch: Vec<Draft>) -> Result<Vec<Result<Appended, AppendError>>, StoreError>;

    /// Returns the seq of the last event of a room, 0 if there are none; `None` if there is no such room.
    async fn head(&self, room: RoomId) -> Result<Option<Seq>, StoreError>;
    /// Returns up to `limit` events after `after`, oldest first.
    async fn events_after(&self, room: RoomId, after: Seq, limit: usize) -> Result<Vec<Event>, StoreError>;
    /// Returns the last `limit` events before `before`, oldest first. `Seq(u64::MAX)` gives the newest events.
    async fn events_before(&self, room: RoomId, before: Seq, limit: usize) -> Result<Vec<Event>, StoreError>;

    /// Returns all rooms, oldest first.
    async fn rooms(&self) -> Result<Vec<RoomInfo>, StoreError>;
    /// Returns all rooms with the last event of each, oldest room first.
    async fn rooms_with_last_event(&self) -> Result<Vec<(RoomInfo, Option<Event>)>, StoreError>;
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
