//! One room of a client: whether it is joined, and which requests are open. The engine calls it. The timeline keeps the
//! room's messages.

use std::time::Duration;

use hubbub_protocol::limits::MAX_ROOMS_PER_CONNECTION;
use hubbub_protocol::{ClientFrame, Event, Interest, Member, Refusal, RoomId, Seq, UnixMillis};

use crate::effects::{Change, Effects};
use crate::hints::{Presence, Typing};
use crate::moment::{Moment, Wait, ms};
use crate::timeline::{PageRequest, Timeline};

/// Joins that were refused together are repeated within this time, at random. The server may refuse all rooms of a `hello`
/// at once, when their person reads too much.
const SPREAD_JOINS_OVER: Duration = Duration::from_secs(2);

/// A room that is or was followed, or that has messages to send.
#[derive(Debug)]
pub(crate) struct Room {
    pub(crate) id: RoomId,
    pub(crate) timeline: Timeline,
    pub(crate) presence: Option<Presence>,
    pub(crate) typing: Typing,
    pub(crate) denied: Option<Refusal>,
    pub(crate) followed: bool,
    joined: Joined,
}

/// Whether the server sends this client the room's events, on this connection.
#[derive(Debug)]
enum Joined {
    No,
    Asked(Wait),
    Yes {
        /// Set when the server has refused something for now since the room was joined. The refusal doesn't say which
        /// request it answers: it may be for the last `join`, and the room may have been joined by an earlier one. So
        /// the room is joined again once this wait is over.
        doubt: Option<Wait>,
    },
}

impl Room {
    pub(crate) fn new(id: RoomId, you: Member) -> Self {
        Self {
            id,
            timeline: Timeline::new(id, you),
            presence: None,
            typing: Typing::default(),
            denied: None,
            followed: false,
            joined: Joined::No,
        }
    }

    /// Returns the `hello` for these rooms.
    pub(crate) fn greeting<'a>(rooms: impl Iterator<Item = &'a Self>) -> ClientFrame {
        let wanted = rooms.filter(|room| room.is_wanted()).take(MAX_ROOMS_PER_CONNECTION);
        ClientFrame::Hello { rooms: wanted.map(Self::interest).collect() }
    }

    /// Marks the rooms of the `hello` as asked for.
    pub(crate) fn greeted<'a>(rooms: impl Iterator<Item = &'a mut Self>, now: UnixMillis) {
        let wanted = rooms.filter(|room| room.is_wanted()).take(MAX_ROOMS_PER_CONNECTION);
        wanted.for_each(|room| room.joined = Joined::Asked(Wait::since(Some(now))));
    }

    /// Sends the requests that are due: `join`, `leave`, `post` and `history`. Called while there is a connection, after
    /// anything that may make one due.
    pub(crate) fn catch_up(&mut self, now: Option<UnixMillis>, out: &mut Effects) {
        let is_wanted = self.is_wanted();
        match &mut self.joined {
            Joined::No if is_wanted => self.join(now, out),
            Joined::No => {}
            Joined::Yes { .. } | Joined::Asked(_) if !is_wanted => {
                self.joined = Joined::No;
                out.send(ClientFrame::Leave { room: self.id });
            }
            Joined::Asked(wait) => {
                if wait.is_over(now) {
                    self.join(now, out);
                }
            }
            Joined::Yes { doubt } => {
                if doubt.as_mut().is_some_and(|wait| wait.is_over(now)) {
                    self.join(now, out);
                    return;
                }
                self.send_next(now, out);
                self.ask_for_page(now, out);
            }
        }
    }

    /// Takes that the server has joined the client to the room.
    pub(crate) fn joined(&mut self, now: UnixMillis, out: &mut Effects) {
        self.joined = Joined::Yes { doubt: None };
        self.catch_up(Some(now), out);
    }

    pub(crate) fn events(&mut self, events: Vec<Event>, now: UnixMillis, out: &mut Effects) {
        // Before the answer to `join` on this connection, a seq may belong to another log.
        if !matches!(self.joined, Joined::Yes { .. }) {
            return;
        }
        for event in &events {
            if self.typing.stopped(event.by.id) {
                out.change(Change::Typing(self.id));
            }
        }
        if self.timeline.events(events, out) {
            self.join(Some(now), out);
        }
        self.catch_up(Some(now), out);
    }

    /// Takes the refusal of a `join` or a `history`; the frame doesn't say which. After a refusal that passes by itself the
    /// request is repeated: after the time that the server says, or when the answer is overdue.
    pub(crate) fn deny(&mut self, refusal: Refusal, moment: &Moment, out: &mut Effects) {
        match refusal {
            Refusal::Busy | Refusal::RateLimited { .. } | Refusal::UnknownOutcome | Refusal::Internal => {
                if let Refusal::RateLimited { retry_after_ms } = refusal {
                    self.wait_for_turn(retry_after_ms, moment);
                }
                if let Joined::Yes { doubt } = &mut self.joined {
                    doubt.get_or_insert(Wait::since(Some(moment.now)));
                }
                return;
            }
            other => self.denied = Some(other),
        }
        self.joined = Joined::No;
        self.timeline.page = None;
        out.change(Change::Denied(self.id));
        out.change(Change::List(self.id));
    }

    fn wait_for_turn(&mut self, retry_after_ms: u64, moment: &Moment) {
        match &mut self.joined {
            Joined::No => {}
            Joined::Asked(wait) => {
                let latest_ms = retry_after_ms.saturating_add(ms(SPREAD_JOINS_OVER));
                *wait = Wait::lasting(moment.between(retry_after_ms, latest_ms), moment.now);
            }
            Joined::Yes { .. } => {
                if let Some(asked) = self.timeline.page.as_mut().and_then(|page| page.asked.as_mut()) {
                    *asked = Wait::lasting(retry_after_ms, moment.now);
                }
            }
        }
    }

    /// Asks for the page before `before`, unless a page is asked for already.
    pub(crate) fn want_page(&mut self, before: Seq, out: &mut Effects) {
        if self.timeline.page.is_none() {
            self.timeline.page = Some(PageRequest { before, asked: None });
            out.change(Change::List(self.id));
        }
    }

    pub(crate) fn tell_typing(&mut self, now: UnixMillis, out: &mut Effects) {
        if matches!(self.joined, Joined::Yes { .. }) && self.typing.should_send(now) {
            out.send(ClientFrame::Typing { room: self.id });
        }
    }

    pub(crate) fn disconnected(&mut self) {
        self.joined = Joined::No;
        self.timeline.outbox.disconnected();
        if let Some(page) = &mut self.timeline.page {
            page.asked = None;
        }
    }

    /// Returns when to call `catch_up`, while there is a connection.
    pub(crate) fn deadline(&self) -> Option<UnixMillis> {
        match &self.joined {
            Joined::No => None,
            Joined::Asked(wait) => Some(wait.deadline()),
            Joined::Yes { doubt } => {
                let page = self.timeline.page.as_ref().and_then(|page| page.asked);
                let waits = page.into_iter().chain(*doubt).map(Wait::deadline);
                self.timeline.outbox.deadline().into_iter().chain(waits).min()
            }
        }
    }

    /// Returns whether the client needs the room: it is followed, or it has messages to send.
    fn is_wanted(&self) -> bool {
        self.denied.is_none() && (self.followed || self.timeline.outbox.has_pending())
    }

    fn join(&mut self, now: Option<UnixMillis>, out: &mut Effects) {
        self.joined = Joined::Asked(Wait::since(now));
        out.send(ClientFrame::Join(self.interest()));
    }

    fn interest(&self) -> Interest {
        Interest { room: self.id, after: self.timeline.cursor() }
    }

    fn send_next(&mut self, now: Option<UnixMillis>, out: &mut Effects) {
        if let Some((id, body)) = self.timeline.outbox.next_to_send(now) {
            out.send(ClientFrame::Post { room: self.id, id, body });
        }
    }

    fn ask_for_page(&mut self, now: Option<UnixMillis>, out: &mut Effects) {
        let Some(page) = &mut self.timeline.page else { return };
        if page.asked.as_mut().is_none_or(|wait| wait.is_over(now)) {
            page.asked = Some(Wait::since(now));
            out.send(ClientFrame::History { room: self.id, before: page.before });
        }
    }
}
