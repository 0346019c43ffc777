//! One person's tab: the engine, a view that is updated by the engine's changes alone, the stored messages, and the sent
//! messages.

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

/// An entry of a view.
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
    /// The position in the order of all sent messages.
    pub(crate) number: u64,
    /// Whether the message was refused at some time, so that the person retried or discarded it.
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

    /// Reloads the page: keeps only the stored messages.
    pub(crate) fn reload(&mut self) {
        self.engine = Engine::new(self.member.clone());
        self.connection = None;
        self.views.clear();
        self.cursors.clear();
        self.tick_at = None;
    }

    /// Gives the stored messages to the engine.
    pub(crate) fn restore(&mut self) {
        for (room, unsent) in &self.stored {
            self.engine.restore(*room, unsent.clone());
        }
    }

    /// Updates the view and the stored messages after a change.
    pub(crate) fn apply(&mut self, change: &Change) {
        match change {
            Change::List(room) => {
                let timeline = self.engine.timeline(*room).expect("a changed room is known");
                self.views.insert(*room, shown(timeline));
            }
            Change::Message(room, id) => {
                let Some(view) = self.engine.timeline(*room).and_then(|timeline| timeline.entry(*id)) else { return };
                if matches!(view.state, MessageState::Refused(_)) {
                    let sent = self.sent.iter_mut().find(|sent| sent.id == *id);
                    sent.expect("only sent messages are refused").was_refused = true;
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
