//! The addresses of pages that more than one part of the crate names.

use hubbub_protocol::RoomInfo;

/// The address of a room.
pub(crate) fn room_address(room: &RoomInfo) -> String {
    format!("/rooms/{}", room.slug)
}
