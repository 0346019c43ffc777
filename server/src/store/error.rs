//! What can go wrong in a store, and what it means for what was being done.

use hubbub_protocol::text::DisplayName;
use thiserror::Error;

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

/// What can go wrong below the rules.
#[derive(Debug, Error)]
pub enum StoreError {
    /// No room on the disk. Nothing was stored; reading goes on.
    #[error("the disk is full")]
    Full,
    /// The disk failed while a commit was made durable: what is stored is unknown, and the process must stop.
    #[error("the disk failed during a commit: {0}")]
    Broken(String),
    /// Too many writes wait for the disk. Nothing was stored.
    #[error("too many writes wait for the disk")]
    Busy,
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
