//! The draft of each room in localStorage, from the first letter until it is sent. Called by the composer.

use hubbub_protocol::{MemberId, RoomId};

use crate::browser::storage;

/// The prefix of the keys, before the member's id.
const PREFIX: &str = "hubbub.draft.";

/// Removes the drafts of other members.
pub(crate) fn forget_others(member: MemberId) {
    storage::forget_others(PREFIX, member);
}

/// The draft of a room; empty if there is none.
pub(crate) fn read(member: MemberId, room: RoomId) -> String {
    storage::read(&key(member, room)).unwrap_or_default()
}

/// Stores the draft of a room.
pub(crate) fn write(member: MemberId, room: RoomId, text: &str) {
    if text.is_empty() {
        storage::remove(&key(member, room));
    } else {
        storage::write(&key(member, room), text);
    }
}

fn key(member: MemberId, room: RoomId) -> String {
    format!("{PREFIX}{member}.{room}")
}
