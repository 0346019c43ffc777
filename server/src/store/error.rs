//! The errors of a store. Each variant says whether the data was stored.

use hubbub_protocol::text::DisplayName;
use thiserror::Error;

/// Why one draft of a batch was not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AppendError {
    /// The room does not exist.
    #[error("no such room")]
    NoSuchRoom,
    /// A message with this id is stored, by another author or with another body.
    #[error("the id is that of another message")]
    Conflict,
    /// The database refused the data for another reason, which the store has logged.
    #[error("the database refused the message")]
    Failed,
}

/// Why a read or a write failed.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The disk is full. Nothing was stored. Reads still work.
    #[error("the disk is full")]
    Full,
    /// The disk failed during a commit. What is stored is unknown, and the process must stop.
    #[error("the disk failed during a commit: {0}")]
    Broken(String),
    /// Too many writes wait, or another process holds the lock of the database. Nothing was stored.
    #[error("the database is busy")]
    Busy,
    /// Any other failure. Nothing was stored.
    #[error("{0}")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why a room was not created.
#[derive(Debug, Error)]
pub enum CreateRoomError {
    /// Another room has the name.
    #[error("the name is taken")]
    NameTaken,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a session was not started.
#[derive(Debug, Error)]
pub enum StartSessionError {
    /// Another live session holds the name.
    #[error("the name is taken")]
    NameTaken {
        /// A similar name that is free.
        free: DisplayName,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
