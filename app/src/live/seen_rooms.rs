//! The seq up to which the reader has seen each room in this tab. The marks at other rooms and the number in the window's
//! title are computed from these seqs. Called by the driver; kept in sessionStorage.

use hubbub_client::{Deletion, Engine, Entry, MessageState};
use hubbub_protocol::limits::MAX_ROOMS_PER_CONNECTION;
use hubbub_protocol::{Cursor, Epoch, MemberId, RoomId, Seq};
use leptos::prelude::*;

use crate::browser::storage;
use crate::state::screen::Unseen;

/// The most rooms that are followed beside the one that is shown. One fewer than the limit, so that the next room can be
/// joined before the server has handled the `leave` of another.
const MAX_OTHERS: usize = MAX_ROOMS_PER_CONNECTION - 2;

/// Up to which seq the reader has seen each followed room.
pub(super) struct SeenRooms {
    /// The key in sessionStorage.
    key: String,
    /// The value that is stored there.
    stored: String,
    /// The room that was opened longest ago is first.
    seen: Vec<(RoomId, Cursor)>,
}

impl SeenRooms {
    /// Returns what this tab's earlier pages have stored for a member.
    pub(super) fn load(member: MemberId) -> Self {
        let key = format!("hubbub.seen.{member}");
        let stored = storage::read_in_tab(&key).unwrap_or_default();
        let seen = read(&stored);
        Self { key, stored, seen }
    }

    /// Follows the rooms that earlier pages of this tab have followed and that still exist.
    pub(super) fn follow_stored(&mut self, engine: &mut Engine, shown: RoomId) {
        self.seen.retain(|(room, _)| *room != shown && engine.rooms().iter().any(|info| info.id == *room));
        self.seen.truncate(MAX_OTHERS);
        for (room, cursor) in &self.seen {
            engine.seed_cursor(*room, *cursor);
        }
    }

    /// Follows a room that is opened. If too many are followed, the ones that were opened longest ago no longer are.
    pub(super) fn follow(&mut self, engine: &mut Engine, opened: RoomId) {
        let index = self.seen.iter().position(|(room, _)| *room == opened);
        let seen_before = index.map(|i| self.seen.remove(i));
        while self.seen.len() > MAX_OTHERS {
            engine.unfollow(self.seen.remove(0).0);
        }
        self.seen.extend(seen_before);
        engine.follow(opened);
    }

    /// Notes that the reader sees the room that is shown, if the window is visible, and returns what is unseen.
    pub(super) fn update(&mut self, engine: &Engine, shown: RoomId) -> Unseen {
        let is_visible = !document().hidden();
        if let Some(cursor) = engine.cursor(shown) {
            match self.seen.iter_mut().find(|(room, _)| *room == shown) {
                Some((_, seen)) if is_visible => *seen = cursor,
                Some(_) => {}
                None => self.seen.push((shown, cursor)),
            }
        }
        let mut unseen = Unseen::default();
        for (room, seen) in &self.seen {
            let n = n_after(engine, *room, *seen);
            if !is_visible {
                unseen.n_messages += n;
            }
            if n > 0 && *room != shown {
                unseen.rooms.push(*room);
            }
        }
        self.store();
        unseen
    }

    fn store(&mut self) {
        let text = write(&self.seen);
        if text != self.stored {
            storage::write_in_tab(&self.key, &text);
            self.stored = text;
        }
    }
}

fn write(seen: &[(RoomId, Cursor)]) -> String {
    let rooms = seen.iter().map(|(room, Cursor { epoch, seq })| format!("{room} {epoch} {seq}"));
    rooms.collect::<Vec<_>>().join("\n")
}

fn read(stored: &str) -> Vec<(RoomId, Cursor)> {
    let room = |line: &str| {
        let mut numbers = line.split(' ').map(|number| number.parse().ok());
        let (room, epoch, seq) = (numbers.next()??, numbers.next()??, numbers.next()??);
        Some((RoomId(room), Cursor { epoch: Epoch(epoch), seq: Seq(seq) }))
    };
    stored.lines().filter_map(room).collect()
}

/// How many messages of others the engine holds of a room after a cursor. A cursor of another epoch counts as 0.
fn n_after(engine: &Engine, room: RoomId, seen: Cursor) -> usize {
    let is_same_epoch = engine.cursor(room).is_none_or(|cursor| cursor.epoch == seen.epoch);
    let seen = if is_same_epoch { seen.seq } else { Seq(0) };
    let Some(timeline) = engine.timeline(room).filter(|timeline| timeline.head() > seen) else { return 0 };
    let of_others = timeline.entries().filter(|entry| match entry {
        // A line such as "Kira named the room" and a deleted message are no news.
        Entry::Message(message) => {
            message.by.id != engine.you().id
                && message.kind.is_text()
                && message.deletion == Deletion::None
                && matches!(message.state, MessageState::Sent(seq) if seq > seen)
        }
        Entry::Gap(_) => false,
    });
    of_others.count()
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::{Change, ClientFrame, Member, Message, MessageId, Page, RoomState, UnixMillis, What};

    use super::*;

    #[test]
    fn a_cursor_of_another_epoch_counts_as_nothing_seen() {
        let (kira, ben) = (Member { id: MemberId(1), name: "Kira".to_owned() }, MemberId(2));
        let mut engine = Engine::new(kira);
        let change = |seq| Change {
            seq: Seq(seq),
            at: UnixMillis(seq),
            by: Member { id: ben, name: "Ben".to_owned() },
            targets: vec![MessageId::mint(UnixMillis(seq), [0; 10])],
            what: What::Posted { body: "Hi".to_owned(), reply_to: None },
        };
        let messages = [1, 2, 3].into_iter().filter_map(|seq| Message::added_by(&change(seq))).collect();
        let state = RoomState {
            rev: Seq(0),
            name: "Lobby".to_owned(),
            topic: String::new(),
            made_by: None,
            made_at: UnixMillis(0),
            pins: Vec::new(),
        };
        let page = Page { as_of: Seq(3), messages, ..Page::default() };
        engine.seed(RoomId(1), Epoch(9), state, page);
        let n_after = |epoch, seq| n_after(&engine, RoomId(1), Cursor { epoch: Epoch(epoch), seq: Seq(seq) });
        assert_eq!([n_after(9, 2), n_after(9, 70), n_after(8, 70)], [1, 0, 3]);
    }

    #[test]
    fn the_rooms_opened_longest_ago_are_unfollowed_when_there_are_too_many() {
        let mut engine = Engine::new(Member { id: MemberId(1), name: "Kira".to_owned() });
        let mut seen_rooms = SeenRooms { key: String::new(), stored: String::new(), seen: Vec::new() };
        let mut opens = |room| {
            seen_rooms.follow(&mut engine, RoomId(room));
            if seen_rooms.seen.iter().all(|(other, _)| other.0 != room) {
                seen_rooms.seen.push((RoomId(room), Cursor { epoch: Epoch(9), seq: Seq(0) }));
            }
            let ClientFrame::Hello { rooms } = engine.hello() else { panic!("a hello") };
            rooms.iter().map(|interest| interest.room.0).collect::<Vec<_>>()
        };
        for room in 1..=60 {
            assert!(opens(room).len() < MAX_ROOMS_PER_CONNECTION);
        }
        assert!(opens(12).contains(&13), "a room that is followed already displaces no other");
        let followed = opens(61);
        assert!(followed.contains(&12) && !followed.contains(&13), "{followed:?}");
    }

    #[test]
    fn stored_cursors_are_read_back_and_garbled_lines_are_skipped() {
        let seen = vec![
            (RoomId(1), Cursor { epoch: Epoch(9), seq: Seq(0) }),
            (RoomId(2), Cursor { epoch: Epoch(9), seq: Seq(70) }),
        ];
        assert_eq!(read(&write(&seen)), seen);
        assert_eq!(read("1 9 0\nx\n3 9\n2 9 70"), seen);
        assert_eq!(read(""), []);
    }
}
