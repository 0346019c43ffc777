//! What the person has seen of each room, and how the window says what they have not: a dot at other rooms, a number
//! in the title while the window is hidden. Called by `driver`.

use hubbub_client::{Engine, Entry, MessageState};
use hubbub_protocol::{RoomId, Seq};
use leptos::prelude::*;

use crate::room::wording::title;
use crate::room::{Screen, show};

/// Up to where each followed room was seen.
#[derive(Default)]
pub(crate) struct Attention {
    seen: Vec<(RoomId, Seq)>,
}

impl Attention {
    /// A room is followed from now on; what it held before is no news.
    fn begin(&mut self, engine: &Engine, room: RoomId) {
        if let Some(timeline) = engine.timeline(room).filter(|_| engine.cursor(room).is_some())
            && !self.seen.iter().any(|(other, _)| *other == room)
        {
            self.seen.push((room, timeline.head()));
        }
    }

    /// Looks again: the room shown is seen if the window is, and the rest is said on the screen and in the title.
    pub(crate) fn look(&mut self, engine: &Engine, screen: Screen, shown: RoomId) {
        self.begin(engine, shown);
        let is_visible = !document().hidden();
        let seen = self.seen.iter_mut().find(|(room, _)| *room == shown);
        if is_visible && let (Some((_, seen)), Some(timeline)) = (seen, engine.timeline(shown)) {
            *seen = timeline.head();
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
        show(screen.unread, unread);
        let title = screen.room.with_untracked(|room| title(&room.name, if is_visible { 0 } else { n_unseen }));
        if document().title() != title {
            document().set_title(&title);
        }
    }
}

/// How many messages of others a room holds after a seq.
fn n_after(engine: &Engine, room: RoomId, seen: Seq) -> usize {
    let Some(timeline) = engine.timeline(room).filter(|timeline| timeline.head() > seen) else { return 0 };
    let of_others = timeline.entries().filter(|entry| match entry {
        Entry::Message(message) => {
            message.by.id != engine.you().id && matches!(message.state, MessageState::Sent(seq) if seq > seen)
        }
        Entry::Gap => false,
    });
    of_others.count()
}
