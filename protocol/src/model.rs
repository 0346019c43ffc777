//! The things a chat is made of, as they travel. Rows and views have shapes of their own where they differ.

use serde::{Deserialize, Serialize};

use crate::ids::{Epoch, MemberId, MessageId, RoomId, Seq, Slug, UnixMillis};
use crate::open_enum::open_enum;

/// Who someone is to the others.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Member {
    /// Their number; two members are the same person only if it is the same.
    pub id: MemberId,
    /// Their display name.
    pub name: String,
}

/// A room as the list of rooms shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomInfo {
    /// Its number, which frames use.
    pub id: RoomId,
    /// Its name in a URL.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// What it is about; may be empty.
    pub topic: String,
}

/// How far a client has applied a room's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The life of the store that `seq` belongs to.
    pub epoch: Epoch,
    /// The last seq applied; 0 when none was.
    pub seq: Seq,
}

/// One entry of a room's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its place in the room's log.
    pub seq: Seq,
    /// When the server took it in, by its clock.
    pub at: UnixMillis,
    /// Whose doing it is.
    pub by: Member,
    /// What happened.
    pub what: What,
}

/// What an event says happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum What {
    /// A message was posted.
    Posted {
        /// The message's name, minted by its author.
        id: MessageId,
        /// Its text, trimmed.
        body: String,
    },
    /// Something a newer server knows. It keeps its seq and is not shown.
    #[serde(other)]
    Unknown,
}

open_enum!(What);
