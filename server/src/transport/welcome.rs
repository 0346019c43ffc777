//! The frame `welcome`, which responds to `hello`. Called by `frame_handler`.

use hubbub_protocol::{Member, RoomInfo, ServerFrame, codec};

use crate::hub::Frame;

/// Adds `welcome` to `responses`, and then a `room_added` for each room that doesn't fit into the frame. A client handles
/// `room_added` as for a room that was just created, so it needs no further rule.
pub(super) fn add_welcome(you: Member, rooms: &[RoomInfo], responses: &mut Vec<Frame>) {
    let (first, others) = rooms.split_at(codec::n_rooms_that_fit(rooms));
    responses.push(Frame::from(&ServerFrame::Welcome { you, rooms: first.to_vec() }));
    responses.extend(others.iter().map(|room| Frame::from(&ServerFrame::RoomAdded { room: room.clone() })));
}
