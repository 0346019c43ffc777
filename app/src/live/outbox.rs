//! The unsent messages in localStorage, which survive a reload. Each message has a key of its own, so that two tabs of one
//! member don't overwrite each other's messages. If both tabs send a message, the server stores it once, because the id is the
//! same. Called by the driver.

use hubbub_client::Unsent;
use hubbub_protocol::{MemberId, MessageId, RoomId};

use super::stored_message::{read, write};
use crate::browser::storage;

/// The prefix of the keys, before the member's id.
const PREFIX: &str = "hubbub.unsent.";

/// The keys of one member's stored messages.
pub(super) struct StoredOutbox {
    prefix: String,
    stored: Vec<(RoomId, MessageId)>,
}

impl StoredOutbox {
    /// Returns a member's stored outbox, and the messages in it for each room, oldest first. Removes the stored messages of
    /// other members.
    pub(super) fn load(member: MemberId) -> (Self, Vec<(RoomId, Vec<Unsent>)>) {
        storage::forget_others(PREFIX, member);
        let mut outbox = Self { prefix: format!("{PREFIX}{member}."), stored: Vec::new() };
        let mut rooms: Vec<(RoomId, Vec<Unsent>)> = Vec::new();
        // Message ids sort by time, and so do their keys.
        for id in storage::rests_of_keys(&outbox.prefix) {
            let key = format!("{}{id}", outbox.prefix);
            let Some((room, unsent)) = storage::read(&key).and_then(|value| read(&id, &value)) else {
                storage::remove(&key);
                continue;
            };
            outbox.stored.push((room, unsent.id));
            match rooms.iter_mut().find(|(other, _)| *other == room) {
                Some((_, messages)) => messages.push(unsent),
                None => rooms.push((room, vec![unsent])),
            }
        }
        (outbox, rooms)
    }

    /// Stores the unsent messages of a room, and removes those that were sent or discarded.
    pub(super) fn save(&mut self, room: RoomId, unsent: &[Unsent]) {
        let prefix = &self.prefix;
        self.stored.retain(|(other, id)| {
            let is_kept = *other != room || unsent.iter().any(|message| message.id == *id);
            if !is_kept {
                storage::remove(&format!("{prefix}{id}"));
            }
            is_kept
        });
        for message in unsent {
            let entry = (room, message.id);
            storage::write(&format!("{prefix}{}", message.id), &write(room, message));
            if !self.stored.contains(&entry) {
                self.stored.push(entry);
            }
        }
    }
}
