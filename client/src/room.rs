//! Long: one room of a client, whose requests all depend on whether it is joined. The engine calls it. The timeline keeps
//! the room's messages, operations and open queries.

use std::time::Duration;

use hubbub_protocol::limits::MAX_ROOMS_PER_CONNECTION;
use hubbub_protocol::{
    Answer, Change, ClientFrame, Interest, Member, Message, Operation, OwnReactions, Query, Refusal, RoomId, RoomState,
    StreamId, UnixMillis, What,
};

use crate::effects::{Effects, Update};
use crate::hints::{Presence, Typing};
use crate::moment::{Moment, Wait, ms};
use crate::resumed_rows::{ResumeRange, ResumedRows};
use crate::timeline::Timeline;

/// Joins that were refused together are repeated within this time, at random. The server may refuse all rooms of a `hello`
/// at once, when their person reads too much.
const SPREAD_JOINS_OVER: Duration = Duration::from_secs(2);
/// The longest wait before a query is asked again that was refused for now, unless the server says how long to wait.
const ASK_AGAIN_WITHIN: Duration = Duration::from_secs(1);

/// A room that is or was followed, or that has messages to send.
#[derive(Debug)]
pub(crate) struct Room {
    pub(crate) id: RoomId,
    pub(crate) timeline: Timeline,
    pub(crate) presence: Option<Presence>,
    pub(crate) typing: Typing,
    pub(crate) denied: Option<Refusal>,
    pub(crate) followed: bool,
    /// Whether a view shows the room, so that its state is needed and not only the messages after a cursor.
    pub(crate) is_opened: bool,
    joined: Joined,
    rows: ResumedRows,
}

/// Whether the server sends this client the room's changes, on this connection.
#[derive(Debug)]
enum Joined {
    No,
    Asked(Wait),
    Yes {
        /// Set when the server has refused a `join` for now since the room was joined. It may refuse the last `join`, and
        /// the room may have been joined by an earlier one. So the room is joined again once this wait is over.
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
            is_opened: false,
            joined: Joined::No,
            rows: ResumedRows::default(),
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

    /// Sends the requests that are due: `join`, `leave`, operations and queries. Called while there is a connection, after
    /// anything that may make one due.
    pub(crate) fn catch_up(&mut self, now: Option<UnixMillis>, out: &mut Effects) {
        let is_wanted = self.is_wanted();
        let needs_state = self.needs_state();
        match &mut self.joined {
            Joined::No if is_wanted => self.join(now, out),
            Joined::No => {}
            Joined::Yes { .. } | Joined::Asked(_) if !is_wanted => {
                self.leave();
                out.send(ClientFrame::Leave { room: self.id });
            }
            Joined::Asked(wait) => {
                if wait.is_over(now) {
                    self.join(now, out);
                }
            }
            Joined::Yes { doubt } => {
                if needs_state || doubt.as_mut().is_some_and(|wait| wait.is_over(now)) {
                    self.join(now, out);
                    return;
                }
                self.send_operations(now, out);
                self.ask_questions(now, out);
            }
        }
    }

    /// Takes rows that changed after a seq. More may follow.
    pub(crate) fn rows(&mut self, range: ResumeRange, messages: Vec<Message>, mine: Vec<OwnReactions>) {
        self.rows.add(range, messages, mine);
    }

    /// Takes that all rows of a range were sent. If some of them are missing, or changes before them, the room is joined
    /// again.
    pub(crate) fn resumed(
        &mut self,
        range: ResumeRange,
        n_rows: u32,
        state: Option<RoomState>,
        now: UnixMillis,
        out: &mut Effects,
    ) {
        let rows = self.rows.take(range);
        if matches!(self.joined, Joined::No) {
            return;
        }
        let (after, to) = range;
        let head = self.timeline.log.head();
        let has_all_rows = rows.len() >= usize::try_from(n_rows).unwrap_or(usize::MAX);
        // What ends before the cursor is known. It answers a join that was sent twice.
        let is_complete = to < head || after <= head && has_all_rows;
        if is_complete && self.timeline.resumed(to, state, rows, out) {
            self.joined = Joined::Yes { doubt: None };
            self.catch_up(Some(now), out);
        } else {
            self.rows.clear();
            self.join(Some(now), out);
        }
    }

    /// Takes the newest page of the room.
    pub(crate) fn page(&mut self, page: impl FnOnce(&mut Timeline, &mut Effects), now: UnixMillis, out: &mut Effects) {
        self.rows.clear();
        page(&mut self.timeline, out);
        self.joined = Joined::Yes { doubt: None };
        self.catch_up(Some(now), out);
    }

    pub(crate) fn changes(&mut self, changes: Vec<Change>, now: UnixMillis, out: &mut Effects) {
        // Before the answer to `join` on this connection, a seq may belong to another epoch.
        if !matches!(self.joined, Joined::Yes { .. }) {
            return;
        }
        for change in &changes {
            if matches!(change.what, What::Posted { .. }) && self.typing.stopped(change.by.id) {
                out.update(Update::Typing(self.id));
            }
        }
        if self.timeline.changes(changes, out) {
            self.join(Some(now), out);
        }
        self.catch_up(Some(now), out);
    }

    /// Takes the answer to a query. After a refusal that passes by itself the query is asked again.
    pub(crate) fn answer(&mut self, query: Query, answer: Answer, moment: &Moment, out: &mut Effects) {
        let wait_ms = match &answer {
            Answer::Refused(Refusal::RateLimited { retry_after_ms }) => Some(*retry_after_ms),
            Answer::Refused(Refusal::Busy | Refusal::UnknownOutcome | Refusal::Internal) => {
                Some(moment.between(ms(ASK_AGAIN_WITHIN) / 2, ms(ASK_AGAIN_WITHIN)))
            }
            Answer::Page(_) | Answer::Reactions(_) | Answer::Revisions(_) | Answer::Refused(_) | Answer::Unknown => {
                None
            }
        };
        match wait_ms {
            Some(wait_ms) => self.timeline.questions.ask_after(&query, Wait::lasting(wait_ms, moment.now)),
            None => self.timeline.answer(query, answer, out),
        }
        self.catch_up(Some(moment.now), out);
    }

    /// Takes the refusal of a `join`. After a refusal that passes by itself the room is joined again: after the time that the
    /// server says, or when the answer is overdue.
    pub(crate) fn deny(&mut self, refusal: Refusal, moment: &Moment, out: &mut Effects) {
        match (refusal, &mut self.joined) {
            (Refusal::RateLimited { retry_after_ms }, Joined::Asked(wait)) => {
                let latest_ms = retry_after_ms.saturating_add(ms(SPREAD_JOINS_OVER));
                *wait = Wait::lasting(moment.between(retry_after_ms, latest_ms), moment.now);
            }
            (
                Refusal::Busy | Refusal::RateLimited { .. } | Refusal::UnknownOutcome | Refusal::Internal,
                Joined::Yes { doubt },
            ) => {
                doubt.get_or_insert(Wait::since(Some(moment.now)));
            }
            (Refusal::Busy | Refusal::RateLimited { .. } | Refusal::UnknownOutcome | Refusal::Internal, _) => {}
            (other, _) => {
                self.denied = Some(other);
                self.leave();
                self.timeline.forget_questions();
                out.update(Update::Denied(self.id));
                out.update(Update::List(self.id));
            }
        }
    }

    pub(crate) fn tell_typing(&mut self, now: UnixMillis, out: &mut Effects) {
        if matches!(self.joined, Joined::Yes { .. }) && self.typing.should_send(now) {
            out.send(ClientFrame::Typing { room: self.id });
        }
    }

    pub(crate) fn disconnected(&mut self) {
        self.leave();
        self.timeline.outbox.disconnected();
    }

    /// Forgets what another member was shown, and joins anew if the server accepts requests.
    pub(crate) fn start_as(&mut self, you: Member, out: &mut Effects) {
        let is_other_member = self.timeline.you.id != you.id;
        self.timeline.you = you;
        if is_other_member {
            self.leave();
            self.timeline.forget(out);
        }
    }

    /// Returns when to call `catch_up`, while there is a connection.
    pub(crate) fn deadline(&self) -> Option<UnixMillis> {
        match &self.joined {
            Joined::No => None,
            Joined::Asked(wait) => Some(wait.deadline()),
            Joined::Yes { doubt } => {
                let doubt = doubt.map(Wait::deadline);
                let waits = [doubt, self.timeline.outbox.deadline(), self.timeline.questions.deadline()];
                waits.into_iter().flatten().min()
            }
        }
    }

    /// Returns whether the client needs the room: it is followed, or it has operations to send.
    fn is_wanted(&self) -> bool {
        self.denied.is_none() && (self.followed || self.timeline.outbox.has_pending())
    }

    /// Returns whether only the newest page can give what a view needs.
    fn needs_state(&self) -> bool {
        self.is_opened && self.timeline.state.is_none()
    }

    fn join(&mut self, now: Option<UnixMillis>, out: &mut Effects) {
        self.joined = Joined::Asked(Wait::since(now));
        out.send(ClientFrame::Join(self.interest()));
    }

    fn leave(&mut self) {
        self.joined = Joined::No;
        self.rows.clear();
        self.timeline.questions.disconnected();
    }

    fn interest(&self) -> Interest {
        Interest { room: self.id, after: self.timeline.cursor().filter(|_| !self.needs_state()) }
    }

    fn send_operations(&mut self, now: Option<UnixMillis>, out: &mut Effects) {
        let due = self.timeline.outbox.take_due(now);
        if !due.is_empty() {
            // An operation that was sent must be restored as sent.
            out.update(Update::Outbox(self.id));
        }
        for (op, what) in due {
            if matches!(what, Operation::Post { .. }) {
                // The time at which it would be sent again is over.
                out.update(Update::Message(self.id, op.into()));
            }
            out.send(ClientFrame::Operation { on: StreamId::Room(self.id), op, what });
        }
    }

    fn ask_questions(&mut self, now: Option<UnixMillis>, out: &mut Effects) {
        let timeline = &mut self.timeline;
        timeline.ask_for_missing();
        let awaited_page = timeline.questions.awaits_page();
        let due = timeline.questions.take_due(now);
        if !awaited_page && !due.is_empty() {
            timeline.recent.start_at(timeline.log.head());
        }
        for query in due {
            out.send(ClientFrame::Query { room: self.id, query });
        }
    }
}
