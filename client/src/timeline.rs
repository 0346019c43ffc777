//! What a room shows, in the order it shows it: the log's runs with the gaps between them, then what is on its way.
//! Views read it; the room feeds it. It decides what belongs where, and sends nothing.

use hubbub_protocol::{
    Cursor, Epoch, Event, Member, MessageId, Refusal, RoomId, Seq, SnapshotReason, UnixMillis, What,
};

use crate::effects::{Change, Effects};
use crate::log::Log;
use crate::log_order::SeqOrder;
use crate::moment::Wait;
use crate::outbox::{Outbox, Outgoing, Stage};

/// A room's messages.
#[derive(Debug)]
pub struct Timeline {
    pub(crate) room: RoomId,
    pub(crate) you: Member,
    pub(crate) log: Log,
    pub(crate) outbox: Outbox,
    pub(crate) page: Option<PageRequest>,
}

/// A page of the past that was asked for, or will be once the room is joined.
#[derive(Debug)]
pub(crate) struct PageRequest {
    pub(crate) before: Seq,
    /// None while it could not be asked for.
    pub(crate) asked: Option<Wait>,
}

/// One thing that a room shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry<'a> {
    /// A message.
    Message(MessageView<'a>),
    /// Messages are missing here; `fill_gap` asks for them.
    Gap,
}

/// A message as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageView<'a> {
    /// Its name.
    pub id: MessageId,
    /// Its author.
    pub by: &'a Member,
    /// When the server committed it; when it was sent, by this client's clock, until then.
    pub at: UnixMillis,
    /// Its text.
    pub body: &'a str,
    /// How far it has come.
    pub state: MessageState,
}

/// How far a message has come.
#[derive(Clone, Debug, PartialEq)]
pub enum MessageState {
    /// It is on its way.
    Pending,
    /// It is on the server's disk.
    Sent(Seq),
    /// The server won't have it.
    Refused(Refusal),
}

impl Timeline {
    pub(crate) fn new(room: RoomId, you: Member) -> Self {
        Self { room, you, log: Log::new(), outbox: Outbox::default(), page: None }
    }

    /// What is shown, in order: the log by seq, with a gap where one is, then what waits in the outbox in the order it
    /// was sent.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let logged = self.log.runs().enumerate().flat_map(|(i, run)| {
            let gap = (i > 0).then_some(Entry::Gap);
            gap.into_iter().chain(run.events().filter_map(logged_view).map(Entry::Message))
        });
        logged.chain(self.outbox.messages().iter().map(|message| Entry::Message(self.outgoing_view(message))))
    }

    /// The message of that id, if it is shown.
    #[must_use]
    pub fn entry(&self, id: MessageId) -> Option<MessageView<'_>> {
        let outgoing = self.outbox.messages().iter().find(|message| message.id == id);
        outgoing.map(|message| self.outgoing_view(message)).or_else(|| {
            // The newest first: that is what is asked for.
            self.log.runs().rev().flat_map(|run| run.events().rev()).filter_map(logged_view).find(|view| view.id == id)
        })
    }

    /// The last seq applied; 0 when there is none.
    #[must_use]
    pub fn head(&self) -> Seq {
        self.log.head()
    }

    /// Whether the room has events before the oldest that is held.
    #[must_use]
    pub fn has_older(&self) -> bool {
        self.log.oldest_seq() > Seq(1)
    }

    /// Whether the page before the oldest event held has been asked for.
    #[must_use]
    pub fn is_loading_older(&self) -> bool {
        self.page.as_ref().is_some_and(|page| page.before == self.log.oldest_seq())
    }

    pub(crate) fn cursor(&self) -> Option<Cursor> {
        self.log.cursor()
    }

    /// Applies what comes next. True when something before it is missing.
    pub(crate) fn events(&mut self, events: Vec<Event>, out: &mut Effects) -> bool {
        for event in events {
            let own = self.own_message(&event);
            match self.log.apply(event) {
                SeqOrder::Next => self.confirm(own, out),
                SeqOrder::Repeated => continue,
                SeqOrder::Missing { .. } => return true,
            }
            out.change(Change::List(self.room));
        }
        self.trim();
        false
    }

    /// Goes on from the newest page.
    pub(crate) fn snapshot(
        &mut self,
        reason: SnapshotReason,
        epoch: Epoch,
        head: Seq,
        events: Vec<Event>,
        out: &mut Effects,
    ) {
        let own: Vec<_> = events.iter().map(|event| self.own_message(event)).collect();
        // A first page where one is held already answers a question that was asked twice: nothing is thrown away.
        if self.log.epoch() == Some(epoch) && !matches!(reason, SnapshotReason::Reset | SnapshotReason::Unknown) {
            self.log.go_on_from(head, events);
        } else {
            self.log.replace(epoch, head, events);
            self.outbox.requeue_acked();
            self.page = None;
        }
        own.into_iter().for_each(|own| self.confirm(own, out));
        self.outbox.remove_acked_up_to(self.log.head());
        self.trim();
        out.change(Change::List(self.room));
        out.change(Change::Outbox(self.room));
    }

    /// Fills in the page of the past that was asked for; another is ignored.
    pub(crate) fn history(&mut self, before: Seq, events: Vec<Event>, out: &mut Effects) {
        if self.page.take_if(|page| page.before == before).is_none() {
            return;
        }
        let own: Vec<_> = events.iter().map(|event| self.own_message(event)).collect();
        self.log.fill(before, events);
        own.into_iter().for_each(|own| self.confirm(own, out));
        out.change(Change::List(self.room));
    }

    pub(crate) fn acked(&mut self, id: MessageId, seq: Seq, at: UnixMillis, out: &mut Effects) {
        if !self.outbox.ack(id, seq, at) {
            return;
        }
        out.change(Change::Outbox(self.room));
        out.change(Change::Message(self.room, id));
        if seq <= self.log.head() {
            // Its event is not held, else the ack would have come too late: it lies in a gap or further back.
            self.outbox.remove_acked_up_to(self.log.head());
            out.change(Change::List(self.room));
        }
    }

    /// Whether the log shows a message of this id by this member.
    pub(crate) fn holds_own(&self, id: MessageId) -> bool {
        self.log.runs().flat_map(|run| run.events()).any(|event| self.own_message(event) == Some(id))
    }

    fn own_message(&self, event: &Event) -> Option<MessageId> {
        match &event.what {
            What::Posted { id, .. } if event.by.id == self.you.id => Some(*id),
            What::Posted { .. } | What::Unknown => None,
        }
    }

    /// The log shows an own message: it is on its way no longer.
    fn confirm(&mut self, own: Option<MessageId>, out: &mut Effects) {
        if let Some(message) = own.and_then(|id| self.outbox.remove(id)) {
            out.change(Change::Message(self.room, message.id));
            out.change(Change::Outbox(self.room));
        }
    }

    fn trim(&mut self) {
        if self.log.trim() {
            let log = &self.log;
            self.page.take_if(|page| !log.begins_at(page.before));
        }
    }

    fn outgoing_view<'a>(&'a self, message: &'a Outgoing) -> MessageView<'a> {
        let state = match &message.stage {
            Stage::Queued | Stage::InFlight(_) | Stage::Delayed { .. } => MessageState::Pending,
            Stage::Acked(seq) => MessageState::Sent(*seq),
            Stage::Refused(refusal) => MessageState::Refused(refusal.clone()),
        };
        MessageView { id: message.id, by: &self.you, at: message.at, body: &message.body, state }
    }
}

fn logged_view(event: &Event) -> Option<MessageView<'_>> {
    match &event.what {
        What::Posted { id, body } => {
            Some(MessageView { id: *id, by: &event.by, at: event.at, body, state: MessageState::Sent(event.seq) })
        }
        What::Unknown => None,
    }
}
