//! The unsent operations in localStorage, which survive a reload. Each has a key of its own, so that two tabs of one member
//! don't overwrite each other's operations. If both tabs send one, the server carries it out once, because the id is the same.
//! Called by the driver.

use hubbub_client::Unsent;
use hubbub_protocol::{MemberId, OpId, RoomId};

use super::stored_operation::{read, write};
use crate::browser::storage;

/// The prefix of the keys, before the member's id.
const PREFIX: &str = "hubbub.unsent.";

/// The keys of one member's stored operations.
pub(super) struct StoredOutbox {
    prefix: String,
    stored: Vec<(RoomId, OpId)>,
}

impl StoredOutbox {
    /// Returns a member's stored outbox, and the operations in it for each room, oldest first. Removes the stored operations of
    /// other members.
    pub(super) fn load(member: MemberId) -> (Self, Vec<(RoomId, Vec<Unsent>)>) {
        storage::forget_others(PREFIX, member);
        let mut outbox = Self { prefix: format!("{PREFIX}{member}."), stored: Vec::new() };
        let mut rooms: Vec<(RoomId, Vec<Unsent>)> = Vec::new();
        // The ids sort by time, and so do their keys.
        for id in storage::rests_of_keys(&outbox.prefix) {
            let key = format!("{}{id}", outbox.prefix);
            let Some((room, unsent)) = storage::read(&key).and_then(|value| read(&id, &value)) else {
                storage::remove(&key);
                continue;
            };
            outbox.stored.push((room, unsent.op));
            match rooms.iter_mut().find(|(other, _)| *other == room) {
                Some((_, operations)) => operations.push(unsent),
                None => rooms.push((room, vec![unsent])),
            }
        }
        (outbox, rooms)
    }

    /// Stores the unsent operations of a room, and removes those that were sent or discarded.
    pub(super) fn save(&mut self, room: RoomId, unsent: &[Unsent]) {
        let prefix = &self.prefix;
        self.stored.retain(|(other, id)| {
            let is_kept = *other != room || unsent.iter().any(|operation| operation.op == *id);
            if !is_kept {
                storage::remove(&format!("{prefix}{id}"));
            }
            is_kept
        });
        for operation in unsent {
            let entry = (room, operation.op);
            storage::write(&format!("{prefix}{}", operation.op), &write(room, operation));
            if !self.stored.contains(&entry) {
                self.stored.push(entry);
            }
        }
    }
}
