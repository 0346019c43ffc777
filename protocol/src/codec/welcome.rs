//! Encodes the frame `welcome`. Its rooms are the same for everyone, so they are encoded once for many connections. Called by
//! the server's list of rooms.

use super::fit::n_rooms_that_fit;
use super::text::{encode, encode_server};
use crate::model::{Member, RoomInfo};
use crate::server_frame::ServerFrame;

/// The rooms that `welcome` names, encoded.
#[derive(Debug)]
pub struct WelcomeRooms {
    /// The rooms that fit into `welcome`, as a list.
    listed: String,
    /// A frame `room_added` for each further room. A client handles it as for a room that was just created, so clients
    /// need no further rule.
    added: Vec<String>,
}

impl WelcomeRooms {
    /// Encodes the rooms.
    #[must_use]
    pub fn new(rooms: &[RoomInfo]) -> Self {
        let (listed, others) = rooms.split_at(n_rooms_that_fit(rooms));
        let added = |room: &RoomInfo| encode_server(&ServerFrame::RoomAdded { room: room.clone() });
        Self { listed: encode(&listed), added: others.iter().map(added).collect() }
    }

    /// Returns the text of `welcome` for a member, and then those of `room_added`.
    pub fn frames_for(&self, you: &Member) -> impl Iterator<Item = String> {
        let welcome = format!(r#"{{"welcome":{{"you":{},"rooms":{}}}}}"#, encode(you), self.listed);
        std::iter::once(welcome).chain(self.added.iter().cloned())
    }
}
