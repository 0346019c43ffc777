//! One room on the wire: whether it is joined, and what is asked for, sent and told in it. The engine calls it; it
//! leaves to the timeline what the answers mean.

use std::time::Duration;

use hubbub_protocol::limits::MAX_ROOMS_PER_CONNECTION;
use hubbub_protocol::{ClientFrame, Event, Interest, Member, Refusal, RoomId, Seq, UnixMillis};

use crate::effects::{Change, Effects};
use crate::hints::{Presence, Typing};
use crate::moment::{Moment, Wait, ms};
use crate::timeline::{PageRequest, Timeline};

/// How far apart joins are made that were refused together: all rooms of a `hello` are, when their person reads too much.
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

/// What the server knows of this client's interest, on this connection.
#[derive(Debug)]
enum Joined {
    No,
    Asked(Wait),
    Yes {
        /// The server has said no since then, for now, and perhaps to this: an answer does not say which `join` it
        /// answers, and the yes may have been an earlier one's. The room is asked for again once this is over.
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

    /// What `hello` says of these rooms.
    pub(crate) fn greeting<'a>(rooms: impl Iterator<Item = &'a Self>) -> ClientFrame {
        let wanted = rooms.filter(|room| room.is_wanted()).take(MAX_ROOMS_PER_CONNECTION);
        ClientFrame::Hello { rooms: wanted.map(Self::interest).collect() }
    }

    /// Those that `hello` speaks of count as asked for.
    pub(crate) fn greeted<'a>(rooms: impl Iterator<Item = &'a mut Self>, now: UnixMillis) {
        let wanted = rooms.filter(|room| room.is_wanted()).take(MAX_ROOMS_PER_CONNECTION);
        wanted.for_each(|room| room.joined = Joined::Asked(Wait::since(Some(now))));
    }

    /// Joins, leaves and sends, as it is due. To be called when that may have changed, while there is a connection.
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

    /// The server follows the room for this client from now on.
    pub(crate) fn joined(&mut self, now: UnixMillis, out: &mut Effects) {
        self.joined = Joined::Yes { doubt: None };
        self.catch_up(Some(now), out);
    }

    pub(crate) fn events(&mut self, events: Vec<Event>, now: UnixMillis, out: &mut Effects) {
        // Until the server has said on this connection where it goes on from, a number may be of another log.
        if !matches!(self.joined, Joined::Yes { .. }) {
            return;
        }
        for event in &events {
            if self.typing.done(event.by.id) {
                out.change(Change::Typing(self.id));
            }
        }
        if self.timeline.events(events, out) {
            self.join(Some(now), out);
        }
        self.catch_up(Some(now), out);
    }

    /// Takes the server's no to a `join` or to a `history`; the frame doesn't say which. What passes by itself is asked
    /// for again: after the time that the server says, or when the answer is overdue.
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

    /// Asks for the page before `before`, unless one is on its way.
    pub(crate) fn want_page(&mut self, before: Seq, out: &mut Effects) {
        if self.timeline.page.is_none() {
            self.timeline.page = Some(PageRequest { before, asked: None });
            out.change(Change::List(self.id));
        }
    }

    pub(crate) fn tell_typing(&mut self, now: UnixMillis, out: &mut Effects) {
        if matches!(self.joined, Joined::Yes { .. }) && self.typing.tell(now) {
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

    /// When `catch_up` is due, while there is a connection.
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

    /// Followed, or left while messages are on their way: those are seen through first.
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
