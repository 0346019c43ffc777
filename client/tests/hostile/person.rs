//! One person's tab: the engine, views that are updated by the engine's updates alone, the stored operations, and the sent
//! messages.

use std::collections::{BTreeMap, BTreeSet};

use hubbub_client::{Deletion, Engine, Entry, MessageState, MessageView, Timeline, Unsent, Update};
use hubbub_protocol::{Cursor, Member, MessageId, OpId, RoomId, UnixMillis};

use super::server::ConnectionId;

pub(crate) struct Person {
    pub(crate) member: Member,
    pub(crate) engine: Engine,
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) stored: BTreeMap<RoomId, Vec<Unsent>>,
    pub(crate) views: BTreeMap<RoomId, Views>,
    pub(crate) cursors: BTreeMap<RoomId, Cursor>,
    pub(crate) sent: Vec<Sent>,
    /// The messages that the person has edited, deleted, pinned or reacted to.
    pub(crate) changed: BTreeSet<MessageId>,
    /// When the engine's next tick is scheduled.
    pub(crate) tick_at: Option<u64>,
}

/// What a person sees of a room.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Views {
    pub(crate) entries: Vec<Shown>,
    pub(crate) pins: Vec<Shown>,
    pub(crate) thread: Vec<Shown>,
}

/// An entry of a view.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shown {
    Message(Box<ShownMessage>),
    Gap,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ShownMessage {
    pub(crate) id: MessageId,
    pub(crate) state: MessageState,
    pub(crate) body: String,
    pub(crate) at: UnixMillis,
    pub(crate) edited_at: Option<UnixMillis>,
    pub(crate) is_edit_pending: bool,
    pub(crate) deletion: Deletion,
    pub(crate) pinned: bool,
    pub(crate) replies: u32,
    pub(crate) reactions: Vec<(String, u32, bool)>,
    pub(crate) quote: Option<(MessageId, String, Deletion)>,
    pub(crate) problem: Option<OpId>,
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
    /// Whether the person discarded or deleted it before it was stored.
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
            changed: BTreeSet::new(),
            tick_at: None,
        }
    }

    /// Reloads the page: keeps only the stored operations.
    pub(crate) fn reload(&mut self) {
        self.engine = Engine::new(self.member.clone());
        self.connection = None;
        self.views.clear();
        self.cursors.clear();
        self.tick_at = None;
    }

    /// Gives the stored operations to the engine.
    pub(crate) fn restore(&mut self) {
        for (room, unsent) in &self.stored {
            self.engine.restore(*room, unsent.clone());
        }
    }

    /// Updates the views and the stored operations after an update.
    pub(crate) fn apply(&mut self, update: &Update) {
        match update {
            Update::List(room) => {
                let entries = entries(self.timeline(*room));
                entries.iter().for_each(|entry| self.notice_refusal(entry));
                self.views.entry(*room).or_default().entries = entries;
            }
            Update::Message(room, id) => {
                let Some(message) = self.timeline(*room).message(*id).map(|view| shown(&view)) else { return };
                self.notice_refusal(&message);
                let views = self.views.entry(*room).or_default();
                for place in views.entries.iter_mut().chain(&mut views.pins).chain(&mut views.thread) {
                    if matches!(place, Shown::Message(known) if known.id == *id) {
                        place.clone_from(&message);
                    }
                }
            }
            Update::Pins(room) => {
                self.views.entry(*room).or_default().pins = pins(self.timeline(*room));
            }
            Update::Thread(room) => {
                self.views.entry(*room).or_default().thread = thread(self.timeline(*room));
            }
            Update::Outbox(room) => {
                self.stored.insert(*room, self.engine.unsent(*room));
            }
            Update::Connection
            | Update::Rooms
            | Update::State(_)
            | Update::Presence(_)
            | Update::Typing(_)
            | Update::Denied(_)
            | Update::Jumped(..)
            | Update::JumpRefused(..)
            | Update::Reactors { .. }
            | Update::Revisions { .. }
            | Update::Error(_) => {}
        }
    }

    pub(crate) fn timeline(&self, room: RoomId) -> &Timeline {
        self.engine.timeline(room).expect("an updated room is known")
    }

    fn notice_refusal(&mut self, entry: &Shown) {
        if let Shown::Message(message) = entry
            && matches!(message.state, MessageState::Refused(_))
        {
            let sent = self.sent.iter_mut().find(|sent| sent.id == message.id);
            sent.expect("only sent messages are refused").was_refused = true;
        }
    }
}

impl Views {
    pub(crate) fn of(timeline: &Timeline) -> Self {
        Self { entries: entries(timeline), pins: pins(timeline), thread: thread(timeline) }
    }
}

fn entries(timeline: &Timeline) -> Vec<Shown> {
    let entries = timeline.entries().map(|entry| match entry {
        Entry::Message(view) => shown(&view),
        Entry::Gap(_) => Shown::Gap,
    });
    entries.collect()
}

fn pins(timeline: &Timeline) -> Vec<Shown> {
    timeline.pins().iter().map(shown).collect()
}

fn thread(timeline: &Timeline) -> Vec<Shown> {
    let thread = timeline.thread().into_iter();
    thread.flat_map(|thread| thread.parent.into_iter().chain(thread.replies)).map(|view| shown(&view)).collect()
}

fn shown(view: &MessageView<'_>) -> Shown {
    let reactions = view.reactions.iter();
    Shown::Message(Box::new(ShownMessage {
        id: view.id,
        state: view.state.clone(),
        body: view.body.to_owned(),
        at: view.at,
        edited_at: view.edited_at,
        is_edit_pending: view.is_edit_pending,
        deletion: view.deletion,
        pinned: view.pinned,
        replies: view.replies,
        reactions: reactions.map(|reaction| (reaction.emoji.to_owned(), reaction.count, reaction.is_own)).collect(),
        quote: view.quote.map(|quote| (quote.id, quote.body.to_owned(), quote.deletion)),
        problem: view.problem.map(|problem| problem.op),
    }))
}
