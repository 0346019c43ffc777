//! One person's tab: the engine, what a view would hold of it by its changes alone, what is stored over a reload, and
//! what was sent.

use std::collections::BTreeMap;

use hubbub_client::{Change, Engine, Entry, MessageState, Timeline, Unsent};
use hubbub_protocol::{Cursor, Member, MessageId, RoomId};

use super::server::ConnectionId;

pub(crate) struct Person {
    pub(crate) member: Member,
    pub(crate) engine: Engine,
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) stored: BTreeMap<RoomId, Vec<Unsent>>,
    pub(crate) views: BTreeMap<RoomId, Vec<Shown>>,
    pub(crate) cursors: BTreeMap<RoomId, Cursor>,
    pub(crate) sent: Vec<Sent>,
    /// When the engine's next tick is scheduled.
    pub(crate) tick_at: Option<u64>,
}

/// An entry as a view keeps it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shown {
    Message { id: MessageId, state: MessageState, body: String, at: u64 },
    Gap,
}

/// A message that the person has sent.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) room: RoomId,
    pub(crate) id: MessageId,
    pub(crate) body: String,
    /// The world's count when it was sent.
    pub(crate) number: u64,
    /// It was refused for good at some time; what became of it then was up to the person.
    pub(crate) was_refused: bool,
    pub(crate) is_discarded: bool,
}

impl Person {
    pub(crate) fn new(member: Member) -> Self {
        Self {
            engine: Engine::new(member.clone()),
            member,
            connection: None,
            stored: BTreeMap::new(),
            views: BTreeMap::new(),
            cursors: BTreeMap::new(),
            sent: Vec::new(),
            tick_at: None,
        }
    }

    /// The page is loaded anew: all is gone but what was stored.
    pub(crate) fn reload(&mut self) {
        self.engine = Engine::new(self.member.clone());
        self.connection = None;
        self.views.clear();
        self.cursors.clear();
        self.tick_at = None;
    }

    /// Takes over what the page before it has stored.
    pub(crate) fn restore(&mut self) {
        for (room, unsent) in &self.stored {
            self.engine.restore(*room, unsent.clone());
        }
    }

    /// What a view does with a change.
    pub(crate) fn look(&mut self, change: &Change) {
        match change {
            Change::List(room) => {
                let timeline = self.engine.timeline(*room).expect("a changed room is known");
                self.views.insert(*room, shown(timeline));
            }
            Change::Message(room, id) => {
                let Some(view) = self.engine.timeline(*room).and_then(|timeline| timeline.entry(*id)) else { return };
                if matches!(view.state, MessageState::Refused(_)) {
                    let sent = self.sent.iter_mut().find(|sent| sent.id == *id);
                    sent.expect("only what was sent is refused").was_refused = true;
                }
                for place in self.views.get_mut(room).into_iter().flatten() {
                    if matches!(place, Shown::Message { id: known, .. } if known == id) {
                        *place = Shown::Message {
                            id: *id,
                            state: view.state.clone(),
                            body: view.body.to_owned(),
                            at: view.at.0,
                        };
                    }
                }
            }
            Change::Outbox(room) => {
                self.stored.insert(*room, self.engine.unsent(*room));
            }
            Change::Connection
            | Change::Rooms
            | Change::Presence(_)
            | Change::Typing(_)
            | Change::Denied(_)
            | Change::Error(_) => {}
        }
    }
}

pub(crate) fn shown(timeline: &Timeline) -> Vec<Shown> {
    let shown = timeline.entries().map(|entry| match entry {
        Entry::Message(view) => {
            Shown::Message { id: view.id, state: view.state, body: view.body.to_owned(), at: view.at.0 }
        }
        Entry::Gap => Shown::Gap,
    });
    shown.collect()
}
