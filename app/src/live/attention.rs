//! What the person has seen of each room in this tab, and how the window says what they have not: a dot at other rooms, a number
//! in the title while the window is hidden. Called by `driver`.

use hubbub_client::{Engine, Entry, MessageState};
use hubbub_protocol::limits::MAX_ROOMS_PER_CONNECTION;
use hubbub_protocol::{Cursor, Epoch, MemberId, RoomId, Seq};
use leptos::prelude::*;

use super::storage;
use crate::room::Screen;
use crate::room::wording::title;

/// Rooms that are followed beside the one shown. One fewer than may be, so that the next may be joined before the server
/// has heard that another was left.
const MOST_BESIDE: usize = MAX_ROOMS_PER_CONNECTION - 2;

/// Up to where each followed room was seen.
pub(crate) struct Attention {
    key: String,
    stored: String,
    /// The room that was opened longest ago comes first.
    seen: Vec<(RoomId, Cursor)>,
}

impl Attention {
    /// What this tab's earlier pages have seen. Those rooms are followed on, so that they can say that there is news.
    pub(crate) fn load(member: MemberId) -> Self {
        let key = format!("hubbub.seen.{member}");
        let stored = storage::read_in_tab(&key).unwrap_or_default();
        let seen = read(&stored);
        Self { key, stored, seen }
    }

    /// Tells the engine of the rooms seen before that are still there.
    pub(crate) fn follow_on(&mut self, engine: &mut Engine, shown: RoomId) {
        self.seen.retain(|(room, _)| *room != shown && engine.rooms().iter().any(|info| info.id == *room));
        self.seen.truncate(MOST_BESIDE);
        for (room, cursor) in &self.seen {
            engine.seed(*room, cursor.epoch, cursor.seq, Vec::new());
        }
    }

    /// Follows a room that is opened. It becomes the newest, and those opened longest ago make way if there are too many.
    pub(crate) fn follow(&mut self, engine: &mut Engine, opened: RoomId) {
        let place = self.seen.iter().position(|(room, _)| *room == opened);
        let seen_before = place.map(|i| self.seen.remove(i));
        while self.seen.len() > MOST_BESIDE {
            engine.unfollow(self.seen.remove(0).0);
        }
        self.seen.extend(seen_before);
        engine.follow(opened);
    }

    /// Looks again: the room shown is seen if the window is, and the title says how much is not. Gives the other rooms
    /// with something unseen.
    pub(crate) fn look(&mut self, engine: &Engine, screen: Screen, shown: RoomId) -> Vec<RoomId> {
        let is_visible = !document().hidden();
        if let Some(cursor) = engine.cursor(shown) {
            match self.seen.iter_mut().find(|(room, _)| *room == shown) {
                Some((_, seen)) if is_visible => *seen = cursor,
                Some(_) => {}
                None => self.seen.push((shown, cursor)),
            }
        }
        let mut n_unseen = 0;
        let mut unread = Vec::new();
        for (room, seen) in &self.seen {
            let n = n_after(engine, *room, *seen);
            n_unseen += n;
            if n > 0 && *room != shown {
                unread.push(*room);
            }
        }
        let title = screen.read(|shown| title(&shown.room.name, if is_visible { 0 } else { n_unseen }));
        if document().title() != title {
            document().set_title(&title);
        }
        self.keep();
        unread
    }

    fn keep(&mut self) {
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

/// How many messages of others a room holds after a cursor. Of another epoch's log nothing was seen.
fn n_after(engine: &Engine, room: RoomId, seen: Cursor) -> usize {
    let is_of_this_log = engine.cursor(room).is_none_or(|cursor| cursor.epoch == seen.epoch);
    let seen = if is_of_this_log { seen.seq } else { Seq(0) };
    let Some(timeline) = engine.timeline(room).filter(|timeline| timeline.head() > seen) else { return 0 };
    let of_others = timeline.entries().filter(|entry| match entry {
        Entry::Message(message) => {
            message.by.id != engine.you().id && matches!(message.state, MessageState::Sent(seq) if seq > seen)
        }
        Entry::Gap => false,
    });
    of_others.count()
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::{ClientFrame, Event, Member, MessageId, UnixMillis, What};

    use super::*;

    #[test]
    fn what_was_seen_of_another_log_is_no_measure_of_this_one() {
        let (kira, ben) = (Member { id: MemberId(1), name: "Kira".to_owned() }, MemberId(2));
        let mut engine = Engine::new(kira);
        let event = |seq| Event {
            seq: Seq(seq),
            at: UnixMillis(seq),
            by: Member { id: ben, name: "Ben".to_owned() },
            what: What::Posted { id: MessageId::mint(UnixMillis(seq), [0; 10]), body: "Hi".to_owned() },
        };
        engine.seed(RoomId(1), Epoch(9), Seq(3), [1, 2, 3].map(event).to_vec());
        let n_after = |epoch, seq| n_after(&engine, RoomId(1), Cursor { epoch: Epoch(epoch), seq: Seq(seq) });
        assert_eq!([n_after(9, 2), n_after(9, 70), n_after(8, 70)], [1, 0, 3]);
    }

    #[test]
    fn the_rooms_opened_longest_ago_make_way_when_there_are_too_many() {
        let mut engine = Engine::new(Member { id: MemberId(1), name: "Kira".to_owned() });
        let mut attention = Attention { key: String::new(), stored: String::new(), seen: Vec::new() };
        let mut opens = |room| {
            attention.follow(&mut engine, RoomId(room));
            if attention.seen.iter().all(|(other, _)| other.0 != room) {
                attention.seen.push((RoomId(room), Cursor { epoch: Epoch(9), seq: Seq(0) }));
            }
            let ClientFrame::Hello { rooms } = engine.hello() else { panic!("a hello") };
            rooms.iter().map(|interest| interest.room.0).collect::<Vec<_>>()
        };
        for room in 1..=60 {
            assert!(opens(room).len() < MAX_ROOMS_PER_CONNECTION);
        }
        assert!(opens(12).contains(&13), "a room that is there already takes no other's place");
        let followed = opens(61);
        assert!(followed.contains(&12) && !followed.contains(&13), "{followed:?}");
    }

    #[test]
    fn what_was_seen_is_read_back_and_what_is_garbled_is_skipped() {
        let seen = vec![
            (RoomId(1), Cursor { epoch: Epoch(9), seq: Seq(0) }),
            (RoomId(2), Cursor { epoch: Epoch(9), seq: Seq(70) }),
        ];
        assert_eq!(read(&write(&seen)), seen);
        assert_eq!(read("1 9 0\nx\n3 9\n2 9 70"), seen);
        assert_eq!(read(""), []);
    }
}
