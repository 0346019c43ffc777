//! What a room shows: the timeline with its gaps and the messages on their way, the pins, the open thread, and the room's
//! state. Views read it.
//!
//! - [`view`]: a message as it is shown
//! - `messages`, `log`, `run`, `thread`: the messages by id, and the order in which timeline and thread show them
//! - `apply`, `answers`, `operate`: how frames and people change the timeline; `show` names the views to update
//! - `questions`, `recent`: queries without an answer, and the changes since they were asked
//! - `references`: which messages are missing, and which are no longer used

mod answers;
mod apply;
pub(crate) mod log;
pub(crate) mod messages;
mod operate;
pub(crate) mod questions;
pub(crate) mod recent;
mod references;
mod run;
mod show;
mod thread;
pub mod view;

use hubbub_protocol::{Cursor, Member, Message, MessageId, MessageKind, Operation, Query, RoomId, RoomState, Seq};

use crate::outbox::Outbox;
use crate::timeline::log::{Log, ReadingPlace};
use crate::timeline::messages::Messages;
use crate::timeline::questions::Questions;
use crate::timeline::recent::RecentChanges;
use crate::timeline::thread::Thread;
use crate::timeline::view::{MessageView, Problem};

/// A room's messages and state.
#[derive(Debug)]
pub struct Timeline {
    pub(crate) room: RoomId,
    pub(crate) you: Member,
    pub(crate) messages: Messages,
    pub(crate) log: Log,
    pub(crate) reading: ReadingPlace,
    pub(crate) outbox: Outbox,
    pub(crate) state: Option<RoomState>,
    pub(crate) thread: Option<Thread>,
    pub(crate) questions: Questions,
    pub(crate) recent: RecentChanges,
    /// Messages to ask for: quotes and pins that are not held, and messages that changed in an unknown way.
    pub(crate) missing: Vec<MessageId>,
}

/// One thing that a room shows.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    expect(clippy::large_enum_variant, reason = "entries are read one by one, and nearly all are messages")
)]
pub enum Entry<'a> {
    /// A message.
    Message(MessageView<'a>),
    /// Messages are missing here. `fill_gap` asks for them.
    Gap(Gap),
}

/// A place where messages are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The seq of the message before the gap.
    pub after: Seq,
    /// The seq of the message after the gap.
    pub before: Seq,
}

/// The end of a gap from which it is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapEnd {
    /// The end of the older messages: the reader comes from above.
    Lower,
    /// The end of the newer messages: the reader comes from below.
    Upper,
}

/// A message with its answers.
#[derive(Clone, Debug, PartialEq)]
pub struct ThreadView<'a> {
    /// The id of the message that is answered.
    pub parent_id: MessageId,
    /// The message that is answered, or None while it is loading.
    pub parent: Option<MessageView<'a>>,
    /// The answers in order, and then those on their way.
    pub replies: Vec<MessageView<'a>>,
    /// Whether there are further answers, for which `load_more_replies` asks.
    pub has_more: bool,
    /// Whether answers have been asked for.
    pub is_loading: bool,
}

impl Timeline {
    pub(crate) fn new(room: RoomId, you: Member) -> Self {
        Self {
            room,
            you,
            messages: Messages::default(),
            log: Log::new(),
            reading: ReadingPlace::End,
            outbox: Outbox::default(),
            state: None,
            thread: None,
            questions: Questions::default(),
            recent: RecentChanges::default(),
            missing: Vec::new(),
        }
    }

    /// Returns what is shown, in order: the messages by seq, with a gap where some are missing, then the posts of the
    /// outbox in the order of sending.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let mut before: Option<Seq> = None;
        let logged = self.log.runs().flat_map(move |run| {
            let gap = before.map(|after| Entry::Gap(Gap { after, before: run.first() }));
            before = Some(run.last());
            gap.into_iter().chain(run.places().iter().filter_map(|place| self.logged(place.id)).map(Entry::Message))
        });
        logged.chain(self.outgoing_posts().map(Entry::Message))
    }

    /// Returns a message that the client has or that is on its way.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<MessageView<'_>> {
        self.plain(id).map(|view| self.with_quote(view))
    }

    /// Returns the pinned messages, the last pinned one first, with the pins that are on their way. Messages that are
    /// loading are left out.
    #[must_use]
    pub fn pins(&self) -> Vec<MessageView<'_>> {
        let pending = self.outbox.operations.iter().filter(|outgoing| outgoing.is_shown());
        let pending = pending.filter_map(|outgoing| match outgoing.what {
            Operation::Pin { message, on } => Some((message, on)),
            _ => None,
        });
        let mut pins = self.state.as_ref().map(|state| state.pins.clone()).unwrap_or_default();
        for (message, on) in pending {
            if !on {
                pins.retain(|pin| *pin != message);
            } else if !pins.contains(&message) {
                pins.insert(0, message);
            }
        }
        pins.into_iter().filter_map(|id| self.message(id)).collect()
    }

    /// Returns the open thread.
    #[must_use]
    pub fn thread(&self) -> Option<ThreadView<'_>> {
        let thread = self.thread.as_ref()?;
        let known = thread.replies().iter().filter_map(|place| self.message(place.id));
        let is_known = |id: MessageId| thread.replies().iter().any(|place| place.id == id);
        let pending = self.outgoing_posts().filter(|view| view.reply_to == Some(thread.parent) && !is_known(view.id));
        Some(ThreadView {
            parent_id: thread.parent,
            parent: self.message(thread.parent),
            replies: known.chain(pending).collect(),
            has_more: !thread.is_complete,
            is_loading: self.questions.is_open(&thread.next_query()),
        })
    }

    /// Returns the room's name, topic and pins, or None before the server has sent them.
    #[must_use]
    pub fn room_state(&self) -> Option<&RoomState> {
        self.state.as_ref()
    }

    /// Returns the operations that the server refuses, except posts, oldest first. Those on a message are shown there too.
    pub fn problems(&self) -> impl Iterator<Item = Problem<'_>> {
        self.outbox.operations.iter().filter(|outgoing| !outgoing.is_post()).filter_map(Problem::of)
    }

    /// Returns whether `entries` has a message that the server has sent.
    #[must_use]
    pub fn is_in_log(&self, id: MessageId) -> bool {
        let held = self.messages.get(id);
        held.is_some_and(|held| self.log.covers(held.message.seq))
    }

    /// Returns the seq of the last change that was applied, or 0.
    #[must_use]
    pub fn head(&self) -> Seq {
        self.log.head()
    }

    /// Returns whether the room has messages before the oldest one of the timeline.
    #[must_use]
    pub fn has_older(&self) -> bool {
        self.log.oldest().from > Seq(1)
    }

    /// Returns whether the page before the oldest message of the timeline has been asked for.
    #[must_use]
    pub fn is_loading_older(&self) -> bool {
        self.questions.is_open(&Query::Before(self.log.oldest().first()))
    }

    /// Returns whether messages of a gap have been asked for.
    #[must_use]
    pub fn is_filling(&self, gap: Gap) -> bool {
        self.questions.is_open(&Query::After(gap.after)) || self.questions.is_open(&Query::Before(gap.before))
    }

    pub(crate) fn cursor(&self) -> Option<Cursor> {
        self.log.cursor()
    }

    /// Returns whether a message of the server is the member's own.
    pub(crate) fn is_own(&self, message: &Message) -> bool {
        message.by.id == self.you.id
    }

    fn logged(&self, id: MessageId) -> Option<MessageView<'_>> {
        let held = self.messages.get(id).filter(|held| held.message.kind != MessageKind::Unknown)?;
        Some(self.with_quote(MessageView::held(held, &self.outbox)))
    }

    fn outgoing_posts(&self) -> impl Iterator<Item = MessageView<'_>> {
        let views = self.outbox.posts().filter_map(|post| MessageView::outgoing(post, &self.you, &self.outbox));
        views.map(|view| self.with_quote(view))
    }

    fn with_quote<'a>(&'a self, mut view: MessageView<'a>) -> MessageView<'a> {
        view.quote = view.reply_to.and_then(|id| self.plain(id)).map(|quoted| quoted.as_quote());
        view
    }

    /// Returns a message without its quote. A post stays as it is until its change has come.
    fn plain(&self, id: MessageId) -> Option<MessageView<'_>> {
        let post = self.outbox.post_of(id).and_then(|post| MessageView::outgoing(post, &self.you, &self.outbox));
        post.or_else(|| self.messages.get(id).map(|held| MessageView::held(held, &self.outbox)))
    }
}
