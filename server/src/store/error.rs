//! The errors of a store. Each variant says whether the data was stored.

use hubbub_protocol::Refusal;
use hubbub_protocol::text::DisplayName;
use thiserror::Error;

/// Why one operation of a batch was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OperationError {
    /// The room does not exist.
    #[error("no such room")]
    NoSuchRoom,
    /// Another operation has this id: of another member, of another kind, or with other content.
    #[error("the id is that of another operation")]
    Conflict,
    /// The rules of the chat refuse it.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// The member does not exist.
    #[error("no such member")]
    NoSuchMember,
}

/// Why a read or a write failed.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The disk is full. Nothing was stored. Reads still work.
    #[error("the disk is full")]
    Full,
    /// It is unknown whether the write is stored. The store still works. The same operations can be submitted again.
    #[error("the outcome of the write is unknown: {0}")]
    Unknown(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The store failed during a write. What is stored is unknown, nothing more can be written, and the process must stop.
    #[error("the store is broken: {0}")]
    Broken(String),
    /// Too many writes wait, or another process holds a lock. Nothing was stored.
    #[error("the store is busy")]
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
