//! The log and everything else that lasts, behind one trait. Called by chat and hub; knows no rule of the chat, no
//! transport and no bus. Every store passes the contract in `server/tests/store_contract.rs`.

pub mod sqlite;

use async_trait::async_trait;
use hubbub_protocol::text::{Body, DisplayName, RoomName, Topic};
use hubbub_protocol::{Epoch, Event, Member, MemberId, MessageId, RoomId, RoomInfo, Seq, Slug, UnixMillis};
use thiserror::Error;

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

/// A message on its way into the log.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The room it is for.
    pub room: RoomId,
    /// Its author.
    pub by: MemberId,
    /// Its name, minted by the author.
    pub id: MessageId,
    /// Its text.
    pub body: Body,
    /// The server's clock when it came.
    pub at: UnixMillis,
}

/// Where a draft is in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It was stored by this batch.
    Now(Event),
    /// It had been stored before; nothing was done.
    Before {
        /// Its place.
        seq: Seq,
        /// When it was committed.
        at: UnixMillis,
    },
}

/// Why one draft of a batch was not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AppendError {
    /// There is no such room.
    #[error("no such room")]
    NoSuchRoom,
    /// The id is that of another message.
    #[error("the id is that of another message")]
    Conflict,
    /// The database refuses it for what is in it, and nothing above says why. The store has logged it.
    #[error("the database refused it")]
    Failed,
}

/// A room to create.
#[derive(Clone, Debug)]
pub struct NewRoom {
    /// Its name, from which its slug is made.
    pub name: RoomName,
    /// What it is about.
    pub topic: Topic,
    /// Who creates it.
    pub by: MemberId,
    /// When.
    pub at: UnixMillis,
}

/// A session to start.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The name that its member asks for.
    pub name: DisplayName,
    /// The hash of its token; the token itself is never stored.
    pub token: TokenHash,
    /// When.
    pub at: UnixMillis,
    /// When it ends if it isn't used.
    pub expires_at: UnixMillis,
}

/// A live session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose it is.
    pub member: Member,
    /// When it ends if it isn't used.
    pub expires_at: UnixMillis,
}

/// SHA-256 of a session's token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

/// What can go wrong below the rules.
#[derive(Debug, Error)]
pub enum StoreError {
    /// No room on the disk. Nothing was stored; reading goes on.
    #[error("the disk is full")]
    Full,
    /// The disk failed while a commit was made durable: what is stored is unknown, and the process must stop.
    #[error("the disk failed during a commit: {0}")]
    Broken(String),
    /// Anything else. Nothing was stored.
    #[error("{0}")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why a session was not started.
#[derive(Debug, Error)]
pub enum StartSessionError {
    /// Someone is here by that name.
    #[error("the name is taken")]
    NameTaken {
        /// A variant of it that is free.
        free: DisplayName,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
