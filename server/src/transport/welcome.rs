//! The answer to `hello`. Called by `conversation`, for every transport.

use hubbub_protocol::{Member, RoomInfo, ServerFrame, codec};

use crate::hub::Frame;

/// Adds `welcome` to `answers`, and then a `room_added` for each room that doesn't fit into the frame, as if it had just
/// been created: a client needs no rule for those.
pub(super) fn welcome(you: Member, mut rooms: Vec<RoomInfo>, answers: &mut Vec<Frame>) {
    let others = rooms.split_off(codec::n_rooms_that_fit(&rooms));
    answers.push(Frame::from(&ServerFrame::Welcome { you, rooms }));
    answers.extend(others.into_iter().map(|room| Frame::from(&ServerFrame::RoomAdded { room })));
}
