//! What a `hello` is answered with. Called by `conversation`, for every transport.

use hubbub_protocol::{Member, RoomInfo, ServerFrame, codec};

use crate::hub::Frame;

/// Adds `welcome` to `answers`, and behind it the rooms that don't fit into its frame, each told of like one that has just
/// been created: so a client needs no rule for them.
pub(super) fn welcome(you: Member, mut rooms: Vec<RoomInfo>, answers: &mut Vec<Frame>) {
    let others = rooms.split_off(codec::n_rooms_that_fit(&rooms));
    answers.push(Frame::from(&ServerFrame::Welcome { you, rooms }));
    answers.extend(others.into_iter().map(|room| Frame::from(&ServerFrame::RoomAdded { room })));
}
