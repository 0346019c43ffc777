//! The frame `welcome`, which responds to `hello`. Called by `frame_handler`.

use hubbub_protocol::{Member, RoomInfo, ServerFrame, codec};

use crate::hub::Frame;

/// Adds `welcome` to `responses`, and then a `room_added` for each room that doesn't fit into the frame. A client handles
/// `room_added` as for a room that was just created, so it needs no further rule.
pub(super) fn add_welcome(you: Member, mut rooms: Vec<RoomInfo>, responses: &mut Vec<Frame>) {
    let others = rooms.split_off(codec::n_rooms_that_fit(&rooms));
    responses.push(Frame::from(&ServerFrame::Welcome { you, rooms }));
    responses.extend(others.into_iter().map(|room| Frame::from(&ServerFrame::RoomAdded { room })));
}
