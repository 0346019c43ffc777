//! Messages that wait to be sent, kept across reloads. Each has a key of its own, so that two tabs of one person keep
//! theirs beside each other's; that both may send one does no harm, for the id is the same. Called by `driver`.

use hubbub_client::Unsent;
use hubbub_protocol::{MemberId, MessageId, Refusal, RoomId};

use super::storage;

/// Refusals that a message can be left with and whose reason is told again after a reload.
const LASTING: [Refusal; 4] = [Refusal::ReadOnly, Refusal::Conflict, Refusal::NotFound, Refusal::Internal];

/// What its keys begin with, before the member's id.
const PREFIX: &str = "hubbub.unsent.";

/// What this page has stored of its outbox.
pub(crate) struct Outbox {
    prefix: String,
    stored: Vec<(RoomId, MessageId)>,
}

impl Outbox {
    /// A member's outbox as earlier pages left it: the messages of each room, oldest first. Those of others are forgotten.
    pub(crate) fn load(member: MemberId) -> (Self, Vec<(RoomId, Vec<Unsent>)>) {
        storage::forget_others(PREFIX, member);
        let mut outbox = Self { prefix: format!("{PREFIX}{member}."), stored: Vec::new() };
        let mut rooms: Vec<(RoomId, Vec<Unsent>)> = Vec::new();
        // Message ids sort by the time they were minted at, so their keys do.
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

    /// Stores what a room has unsent now, and forgets what was sent or discarded.
    pub(crate) fn save(&mut self, room: RoomId, unsent: &[Unsent]) {
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

/// The room, the reason of its refusal (or nothing) and the text, a line each, the text last because it has lines.
fn write(room: RoomId, message: &Unsent) -> String {
    let reason = message.refusal.as_ref().map(ToString::to_string).unwrap_or_default();
    format!("{room}\n{reason}\n{}", message.body)
}

fn read(id: &str, value: &str) -> Option<(RoomId, Unsent)> {
    let id: MessageId = id.parse().ok()?;
    let mut lines = value.splitn(3, '\n');
    let room = RoomId(lines.next()?.parse().ok()?);
    let reason = lines.next()?;
    let body = lines.next()?.to_owned();
    let refusal = (!reason.is_empty()).then(|| {
        let known = LASTING.iter().find(|refusal| refusal.to_string() == reason);
        known.cloned().unwrap_or(Refusal::Unknown)
    });
    Some((room, Unsent { id, body, at: id.minted_at(), refusal }))
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::UnixMillis;

    use super::*;

    #[test]
    fn a_stored_message_is_read_back_with_its_time_and_its_refusal() {
        let at = UnixMillis(1_760_000_000_000);
        for refusal in [None, Some(Refusal::ReadOnly), Some(Refusal::Unknown)] {
            let id = MessageId::mint(at, [3; 10]);
            let message = Unsent { id, body: "Hi\n\nhumans!".to_owned(), at, refusal: refusal.clone() };
            let stored = write(RoomId(7), &message);
            let (room, back) = read(&id.to_string(), &stored).expect("what was written is readable");
            assert_eq!((room, back.id, back.body.as_str(), back.at), (RoomId(7), id, "Hi\n\nhumans!", at));
            assert_eq!(back.refusal, refusal);
        }
    }

    #[test]
    fn what_is_no_stored_message_is_told_apart() {
        let id = MessageId::mint(UnixMillis(1), [3; 10]).to_string();
        for (id, value) in [(id.as_str(), ""), (id.as_str(), "x\n\nHi"), (id.as_str(), "1\nHi"), ("7", "1\n\nHi")] {
            assert!(read(id, value).is_none(), "{id} {value:?}");
        }
    }
}
