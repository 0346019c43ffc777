//! What any store can do. Called by chat and hub, implemented by each store, and checked over each of them by
//! `server/tests/store_contract.rs`.

use async_trait::async_trait;
use hubbub_protocol::{Epoch, Event, Member, RoomId, RoomInfo, Seq, Slug, UnixMillis};

use super::{AppendError, Appended, Draft, NewRoom, NewSession, Session, StartSessionError, StoreError, TokenHash};

/// What any store can do. Every answer is what is committed; every write is on the disk when it answers.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Which life of the store this is; it changes when a backup is restored.
    fn epoch(&self) -> Epoch;

    /// Appends a batch in one transaction, in the order given, and answers each draft in the same order.
    ///
    /// A draft whose `(room, id)` is stored already is not stored again: [`Appended::Before`] if author and body are
    /// the same, else [`AppendError::Conflict`]. One refusal spares the rest.
    ///
    /// # Errors
    /// The outer error means that nothing of the batch was stored, except for [`StoreError::Broken`], after which
    /// nobody knows and the process must stop.
    async fn append(&self, batch: Vec<Draft>) -> Result<Vec<Result<Appended, AppendError>>, StoreError>;

    /// The last seq of a room; `None` if there is no such room.
    async fn head(&self, room: RoomId) -> Result<Option<Seq>, StoreError>;
    /// At most `limit` events after a seq, oldest first.
    async fn events_after(&self, room: RoomId, after: Seq, limit: usize) -> Result<Vec<Event>, StoreError>;
    /// At most `limit` events right before a seq, oldest first. `Seq(u64::MAX)` asks for the newest.
    async fn events_before(&self, room: RoomId, before: Seq, limit: usize) -> Result<Vec<Event>, StoreError>;

    /// Every room, oldest first.
    async fn rooms(&self) -> Result<Vec<RoomInfo>, StoreError>;
    /// Every room with its last event, oldest first.
    async fn rooms_with_last_event(&self) -> Result<Vec<(RoomInfo, Option<Event>)>, StoreError>;
    /// A room by its number.
    async fn room(&self, id: RoomId) -> Result<Option<RoomInfo>, StoreError>;
    /// A room by its name in a URL.
    async fn room_by_slug(&self, slug: &Slug) -> Result<Option<RoomInfo>, StoreError>;
    /// Creates a room under the first slug that is free: `name`, `name-2`, `name-3`, …
    async fn create_room(&self, room: NewRoom) -> Result<RoomInfo, StoreError>;

    /// Creates a member and their session in one step, and frees the names of sessions that have expired.
    ///
    /// # Errors
    /// [`StartSessionError::NameTaken`] if a live session holds that name, in any case of its letters.
    async fn start_session(&self, session: NewSession) -> Result<Member, StartSessionError>;
    /// The session's member, if the session lives at `now`.
    async fn session(&self, token: TokenHash, now: UnixMillis) -> Result<Option<Session>, StoreError>;
    /// Lets a session live until `expires_at`.
    async fn extend_session(&self, token: TokenHash, expires_at: UnixMillis) -> Result<(), StoreError>;
    /// Ends a session and frees its member's name. Ending one that isn't there is fine.
    async fn end_session(&self, token: TokenHash) -> Result<(), StoreError>;

    /// Whether the store can be written to now: what `/readyz` asks.
    async fn check(&self) -> Result<(), StoreError>;
    /// Finishes what is under way and closes. Called once, last.
    async fn close(&self);
}
