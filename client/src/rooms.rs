//! The rooms of an engine, found by their id. A client has few, so a sorted list serves and adds less WebAssembly than a
//! tree.

use hubbub_protocol::{Member, RoomId};

use crate::room::Room;

/// Sorted by id, each id once.
#[derive(Debug, Default)]
pub(crate) struct Rooms(Vec<Room>);

impl Rooms {
    pub(crate) fn get(&self, id: RoomId) -> Option<&Room> {
        self.place(id).ok().map(|place| &self.0[place])
    }

    pub(crate) fn get_mut(&mut self, id: RoomId) -> Option<&mut Room> {
        self.place(id).ok().map(|place| &mut self.0[place])
    }

    /// Returns the room, which is added if it isn't there.
    pub(crate) fn get_or_add(&mut self, id: RoomId, you: &Member) -> &mut Room {
        let place = self.place(id).unwrap_or_else(|place| {
            self.0.insert(place, Room::new(id, you.clone()));
            place
        });
        &mut self.0[place]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Room> {
        self.0.iter()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Room> {
        self.0.iter_mut()
    }

    fn place(&self, id: RoomId) -> Result<usize, usize> {
        self.0.binary_search_by_key(&id, |room| room.id)
    }
}
