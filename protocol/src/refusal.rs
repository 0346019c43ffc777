//! Every "no" that a client can be told, with the sentence a person reads. The same on every transport.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::open_enum::open_enum;
use crate::text::TextError;

/// Why something was not done. `code` tells programs, [`std::fmt::Display`] tells people.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Refusal {
    /// The text is empty once trimmed.
    #[error("Write something first.")]
    Empty,
    /// The text has more characters than fit.
    #[error("That is too long: {max} characters are the most.")]
    TooLong {
        /// The most characters that fit.
        max: u32,
    },
    /// The text has control or direction-overriding characters.
    #[error("That has characters that can't be shown.")]
    ForbiddenCharacter,
    /// Someone is here by that name.
    #[error("Someone here is called that already. How about {free}?")]
    NameTaken {
        /// A variant that was free a moment ago.
        free: String,
    },
    /// There is no such room, or it is not yours to see; the two are told apart for no one.
    #[error("There is no such room.")]
    NotFound,
    /// The id is that of another message.
    #[error("Another message has that id already.")]
    Conflict,
    /// Too many posts.
    #[error("That is too fast. Try again in {} s.", retry_after_ms.div_ceil(1000))]
    RateLimited {
        /// When the next one is welcome.
        retry_after_ms: u64,
    },
    /// The server has all it can do; nothing was stored.
    #[error("The server is busy. Try again in a moment.")]
    Busy,
    /// The store did not answer in time; send the same id again to learn whether it was stored.
    #[error("The server can't say yet whether it was stored.")]
    UnknownOutcome,
    /// The disk is full; reading goes on.
    #[error("The server's disk is full: it can be read but not written to.")]
    ReadOnly,
    /// The session has ended.
    #[error("You have left. Join again to go on.")]
    SignedOut,
    /// More sockets than one person or address may hold.
    #[error("Too many connections. Close another tab and try again.")]
    TooManyConnections,
    /// More rooms than one connection may follow.
    #[error("Too many rooms are open on this connection.")]
    TooManyRooms,
    /// The frame is not JSON, or is nested too deep.
    #[error("That frame is not JSON.")]
    NotJson,
    /// The frame is JSON but not of the shape its type asks for.
    #[error("That frame does not have the fields its type asks for.")]
    BadFrame,
    /// The frame's type is none that this server knows.
    #[error("That type of frame is not known here.")]
    UnknownType,
    /// Something was said before `hello`.
    #[error("Say hello first.")]
    HelloExpected,
    /// `hello` was said a second time.
    #[error("Hello was said already.")]
    HelloTwice,
    /// The server failed in a way that is its own fault; the log has the details.
    #[error("Something went wrong on the server.")]
    Internal,
    /// A refusal that a newer server knows.
    #[error("The server refused that.")]
    #[serde(other)]
    Unknown,
}

open_enum!(Refusal);

impl From<TextError> for Refusal {
    fn from(error: TextError) -> Self {
        match error {
            TextError::Empty => Self::Empty,
            TextError::TooLong { max } => Self::TooLong { max: u32::try_from(max).unwrap_or(u32::MAX) },
            TextError::ForbiddenCharacter => Self::ForbiddenCharacter,
        }
    }
}
