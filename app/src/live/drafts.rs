//! The draft of each room, kept from the first letter to the moment it is sent. Called by the composer.

use hubbub_protocol::{MemberId, RoomId};

use super::storage;

/// What its keys begin with, before the member's id.
const PREFIX: &str = "hubbub.draft.";

/// Forgets what others than this member have typed here.
pub(crate) fn forget_others(member: MemberId) {
    storage::forget_others(PREFIX, member);
}

/// What was typed in a room and not sent.
pub(crate) fn read(member: MemberId, room: RoomId) -> String {
    storage::read(&key(member, room)).unwrap_or_default()
}

/// Keeps what is typed.
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
