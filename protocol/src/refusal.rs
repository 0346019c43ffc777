//! Why the server refuses something: a code for programs and a sentence for people. The same on every transport.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::open_enum::open_enum;
use crate::text::TextError;

/// Why something was refused. A refusal travels and is stored by its code; [`std::fmt::Display`] gives the sentence that
/// people read, which may change.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Refusal {
    /// The text has nothing but white space and invisible characters.
    #[error("Write something first.")]
    Empty,
    /// The text has too many characters.
    #[error("That is too long: {max} characters are the most.")]
    TooLong {
        /// The largest number of characters that is accepted.
        max: u32,
    },
    /// The text has control or direction-overriding characters.
    #[error("That has characters that can't be shown.")]
    ForbiddenCharacter,
    /// Another member has this name now.
    #[error("Someone here is called that already. How about {free}?")]
    NameTaken {
        /// A similar name that was free when the server looked.
        free: String,
    },
    /// Another room has this name.
    #[error("There is a room with this name already.")]
    RoomNameTaken,
    /// The room doesn't exist or the member may not see it. The answer is the same for both.
    #[error("This room doesn't exist.")]
    NotFound,
    /// Another operation has the id.
    #[error("Another message already has this id.")]
    Conflict,
    /// The message doesn't exist in this room.
    #[error("This message doesn't exist.")]
    NoSuchMessage,
    /// The message was deleted.
    #[error("This message was deleted.")]
    Gone,
    /// The message is another member's, or the room was made by another member.
    #[error("Only the person who made this can change it.")]
    NotYours,
    /// The text is not one emoji.
    #[error("That is not an emoji.")]
    NotAnEmoji,
    /// The message has as many different reactions as it may have.
    #[error("This message has {max} different reactions already. Use one of them.")]
    TooManyReactions {
        /// The largest number of different emoji.
        max: u32,
    },
    /// The room has as many pinned messages as it may have.
    #[error("This room has {max} pinned messages already. Unpin one first.")]
    TooManyPins {
        /// The largest number of pins.
        max: u32,
    },
    /// Too many requests of this kind in too short a time.
    #[error("That is too fast. Try again in {} s.", retry_after_ms.div_ceil(1000))]
    RateLimited {
        /// The time until the next request is accepted.
        retry_after_ms: u64,
    },
    /// The server's queue is full. Nothing was stored.
    #[error("The server is busy. Try again in a moment.")]
    Busy,
    /// The store did not answer in time. The same id can be sent again to learn whether it was stored.
    #[error("The server doesn't know yet whether this was saved.")]
    UnknownOutcome,
    /// The disk is full. Reading still works.
    #[error("The server's disk is full. You can read, but you can't send anything.")]
    ReadOnly,
    /// The session has ended.
    #[error("You have left. Join again to go on.")]
    SignedOut,
    /// The person or the address has as many connections as it may have.
    #[error("You have too many connections. Close another tab and try again.")]
    TooManyConnections,
    /// The connection follows as many rooms as it may follow.
    #[error("You have too many rooms open. Leave one and try again.")]
    TooManyRooms,
    /// The frame is not JSON, or it is nested too deep.
    #[error("The request is not JSON.")]
    NotJson,
    /// The frame is JSON, but a field is missing or has a value of another type.
    #[error("The request has a missing or wrong field.")]
    BadFrame,
    /// The server doesn't know a frame of this name.
    #[error("The server doesn't know this kind of request.")]
    UnknownType,
    /// A frame came before `hello`.
    #[error("The first request must be hello.")]
    HelloExpected,
    /// A second `hello` came.
    #[error("You can send hello only once.")]
    HelloTwice,
    /// The server failed. Its log has the details.
    #[error("Something went wrong on the server.")]
    Internal,
    /// A refusal that this build does not know.
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
