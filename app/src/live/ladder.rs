//! Which transport to use, and when to try a better one: a WebSocket where one opens, else requests that wait, else
//! requests that don't. `driver` tells it how connections fare and does what it says. Time comes in; it knows no browser.

use hubbub_protocol::UnixMillis;

/// How long a WebSocket may take to open.
const OPENS_WITHIN_MS: u64 = 4_000;
/// WebSockets in a row that may die before the server's welcome.
const MOST_FAILED_SOCKETS: u8 = 2;
/// Waiting requests that may be cut short, with none seen through between them.
const MOST_CUT_WAITS: u8 = 3;
/// How soon a WebSocket is tried again in the background; each try doubles it.
const FIRST_PROBE_MS: u64 = 30_000;
const LONGEST_PROBE_MS: u64 = 600_000;
/// How long what worked in this browser's network is remembered: networks are changed by carrying a laptop about.
const REMEMBERED_MS: u64 = 24 * 60 * 60 * 1_000;

/// A way to ask what comes after a number. The higher, the sooner the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rung {
    /// The server pushes.
    WebSocket,
    /// A request waits for what comes.
    LongPoll,
    /// A request every few seconds.
    Poll,
}

/// Why this rung.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// It was found, by trying from the top.
    Found,
    /// It was found earlier, and is remembered.
    Remembered,
    /// The person chose it.
    Chosen,
}

/// What the ladder wants done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing.
    Stay,
    /// The connection being opened is given up for one on the rung of now.
    Replace,
    /// A WebSocket is to be opened beside the connection, to see whether it can be.
    Probe,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It failed, or the server closed it.
    Closed,
    /// A request was cut while it waited.
    CutShort,
}

/// The ladder.
pub(crate) struct Ladder {
    pub(crate) rung: Rung,
    pub(crate) why: Why,
    since: UnixMillis,
    is_new: bool,
    opening: Option<UnixMillis>,
    is_welcomed: bool,
    n_failed: u8,
    probe_after_ms: u64,
    probe_at: UnixMillis,
}

impl Rung {
    const ALL: [Self; 3] = [Self::WebSocket, Self::LongPoll, Self::Poll];

    /// `data-transport`, and the value of its radio button.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::WebSocket => "websocket",
            Self::LongPoll => "longpoll",
            Self::Poll => "poll",
        }
    }

    /// The rung of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rung| rung.name() == name)
    }
}

impl Ladder {
    /// At the top, or where an earlier page's [`Ladder::take_note`] of less than a day ago says.
    pub(crate) fn new(note: &str, now: UnixMillis) -> Self {
        let mut ladder = Self {
            rung: Rung::WebSocket,
            why: Why::Found,
            since: now,
            is_new: false,
            opening: None,
            is_welcomed: false,
            n_failed: 0,
            probe_after_ms: FIRST_PROBE_MS,
            probe_at: UnixMillis(now.0 + FIRST_PROBE_MS),
        };
        let mut words = note.split(' ');
        let mut word = || words.next().unwrap_or_default();
        if let (Some(rung), why, Ok(since)) = (Rung::named(word()), word(), word().parse())
            && now.0.saturating_sub(since) < REMEMBERED_MS
        {
            ladder.rung = rung;
            ladder.why = if why == "chosen" { Why::Chosen } else { Why::Remembered };
            ladder.since = UnixMillis(since);
        }
        ladder
    }

    /// What the next page is to know, each time that changes.
    pub(crate) fn take_note(&mut self) -> Option<String> {
        let why = if self.why == Why::Chosen { "chosen" } else { "found" };
        std::mem::take(&mut self.is_new).then(|| format!("{} {why} {}", self.rung.name(), self.since))
    }

    /// A connection is being opened on the rung of now.
    pub(crate) fn opening(&mut self, now: UnixMillis) -> Rung {
        self.is_welcomed = false;
        self.opening = Some(now);
        self.rung
    }

    /// It is open.
    pub(crate) fn opened(&mut self) {
        self.opening = None;
    }

    /// The server's frames come through.
    pub(crate) fn welcomed(&mut self) {
        self.is_welcomed = true;
        if self.rung == Rung::WebSocket {
            self.n_failed = 0;
        }
    }

    /// A request has waited and was answered in time.
    pub(crate) fn waited(&mut self) {
        self.n_failed = 0;
    }

    /// The connection is no more.
    pub(crate) fn ended(&mut self, end: End, now: UnixMillis) {
        self.opening = None;
        let may_wait = self.is_welcomed;
        if self.why == Why::Chosen || may_wait && end == End::Closed {
            return;
        }
        self.n_failed += 1;
        match self.rung {
            Rung::WebSocket if self.n_failed >= MOST_FAILED_SOCKETS => self.go(Rung::LongPoll, now),
            Rung::LongPoll if may_wait && self.n_failed >= MOST_CUT_WAITS => self.go(Rung::Poll, now),
            // Not even a plain request comes through, so it is the server or the network that is away.
            Rung::LongPoll | Rung::Poll if !may_wait => self.go(Rung::WebSocket, now),
            Rung::WebSocket | Rung::LongPoll | Rung::Poll => {}
        }
    }

    /// A probe has opened.
    pub(crate) fn climb(&mut self, now: UnixMillis) {
        self.go(Rung::WebSocket, now);
    }

    /// The person's choice; `None` leaves it to the ladder, which begins at the top.
    pub(crate) fn choose(&mut self, rung: Option<Rung>, now: UnixMillis) {
        self.go(rung.unwrap_or(Rung::WebSocket), now);
        if rung.is_some() {
            self.why = Why::Chosen;
        }
    }

    /// When `tick` is due.
    pub(crate) fn deadline(&self) -> Option<UnixMillis> {
        match (self.why, self.rung, self.opening) {
            (Why::Chosen, ..) => None,
            (_, Rung::WebSocket, opening) => opening.map(|since| UnixMillis(since.0 + OPENS_WITHIN_MS)),
            (_, Rung::LongPoll | Rung::Poll, _) => Some(self.probe_at),
        }
    }

    /// Says what is due. Early is harmless.
    pub(crate) fn tick(&mut self, now: UnixMillis) -> Step {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return Step::Stay;
        }
        if self.rung == Rung::WebSocket {
            self.go(Rung::LongPoll, now);
            return Step::Replace;
        }
        self.probe_later(now);
        Step::Probe
    }

    fn go(&mut self, rung: Rung, now: UnixMillis) {
        self.rung = rung;
        self.why = Why::Found;
        self.since = now;
        self.is_new = true;
        self.n_failed = 0;
        self.probe_at = UnixMillis(now.0 + self.probe_after_ms);
    }

    fn probe_later(&mut self, now: UnixMillis) {
        self.probe_after_ms = LONGEST_PROBE_MS.min(2 * self.probe_after_ms);
        self.probe_at = UnixMillis(now.0 + self.probe_after_ms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: UnixMillis = UnixMillis(1_760_000_000_000);

    fn at(seconds: u64) -> UnixMillis {
        UnixMillis(START.0 + seconds * 1_000)
    }

    fn fresh() -> Ladder {
        Ladder::new("", START)
    }

    /// A connection that never brought a frame.
    fn fails(ladder: &mut Ladder) {
        ladder.opening(START);
        ladder.ended(End::Closed, START);
    }

    /// A connection that was welcomed, and then ended so.
    fn works_until(ladder: &mut Ladder, end: End) {
        ladder.opening(START);
        ladder.opened();
        ladder.welcomed();
        ladder.ended(end, START);
    }

    fn at_long_polling() -> Ladder {
        let mut ladder = fresh();
        fails(&mut ladder);
        fails(&mut ladder);
        ladder
    }

    #[test]
    fn a_socket_that_does_not_open_in_four_seconds_is_replaced_by_long_polling() {
        let mut ladder = fresh();
        assert_eq!(ladder.opening(START), Rung::WebSocket);
        assert_eq!(ladder.deadline(), Some(at(4)));
        assert_eq!(ladder.tick(UnixMillis(at(4).0 - 1)), Step::Stay);
        assert_eq!(ladder.tick(at(4)), Step::Replace);
        assert_eq!(ladder.opening(at(4)), Rung::LongPoll);
    }

    #[test]
    fn a_socket_that_opened_in_time_is_left_alone() {
        let mut ladder = fresh();
        ladder.opening(START);
        ladder.opened();
        assert_eq!((ladder.deadline(), ladder.tick(at(900))), (None, Step::Stay));
    }

    #[test]
    fn two_sockets_in_a_row_that_die_before_a_frame_are_enough_and_one_is_not() {
        let mut ladder = fresh();
        fails(&mut ladder);
        works_until(&mut ladder, End::Closed);
        fails(&mut ladder);
        assert_eq!(ladder.rung, Rung::WebSocket);
        fails(&mut ladder);
        assert_eq!((ladder.rung, ladder.why), (Rung::LongPoll, Why::Found));
    }

    #[test]
    fn a_socket_that_worked_and_was_cut_is_tried_again_however_often() {
        let mut ladder = fresh();
        for _ in 0..20 {
            works_until(&mut ladder, End::Closed);
        }
        assert_eq!(ladder.rung, Rung::WebSocket);
    }

    #[test]
    fn waits_cut_short_three_times_lead_to_polling_unless_one_is_seen_through_between() {
        let mut ladder = at_long_polling();
        works_until(&mut ladder, End::CutShort);
        works_until(&mut ladder, End::CutShort);
        ladder.waited();
        works_until(&mut ladder, End::CutShort);
        works_until(&mut ladder, End::Closed);
        works_until(&mut ladder, End::CutShort);
        assert_eq!(ladder.rung, Rung::LongPoll);
        works_until(&mut ladder, End::CutShort);
        assert_eq!((ladder.rung, ladder.why), (Rung::Poll, Why::Found));
    }

    #[test]
    fn where_not_even_a_request_comes_through_it_is_no_fault_of_sockets() {
        let mut ladder = at_long_polling();
        fails(&mut ladder);
        assert_eq!(ladder.rung, Rung::WebSocket);
    }

    #[test]
    fn a_socket_is_probed_at_growing_intervals_and_climbed_to_when_it_opens() {
        let mut ladder = at_long_polling();
        let mut waits = Vec::new();
        let mut now = START;
        for _ in 0..7 {
            let due = ladder.deadline().expect("a lower rung probes");
            assert_eq!(ladder.tick(UnixMillis(due.0 - 1)), Step::Stay);
            assert_eq!(ladder.tick(due), Step::Probe);
            waits.push((due.0 - now.0) / 1_000);
            now = due;
        }
        assert_eq!(waits, [30, 60, 120, 240, 480, 600, 600]);
        ladder.climb(now);
        assert_eq!((ladder.rung, ladder.deadline()), (Rung::WebSocket, None));
    }

    #[test]
    fn what_is_chosen_by_hand_is_kept_to_until_it_is_left_to_the_ladder() {
        for rung in Rung::ALL {
            let mut ladder = fresh();
            ladder.choose(Some(rung), START);
            for end in [End::Closed, End::CutShort, End::CutShort, End::CutShort] {
                fails(&mut ladder);
                works_until(&mut ladder, end);
            }
            assert_eq!((ladder.rung, ladder.why, ladder.tick(at(9_000))), (rung, Why::Chosen, Step::Stay));
            ladder.choose(None, START);
            assert_eq!((ladder.rung, ladder.why), (Rung::WebSocket, Why::Found));
        }
    }

    #[test]
    fn a_page_begins_where_the_one_before_it_was_for_a_day() {
        let mut ladder = at_long_polling();
        let note = ladder.take_note().expect("the rung has changed");
        assert_eq!(ladder.take_note(), None);
        let next = Ladder::new(&note, at(24 * 60 * 60 - 1));
        assert_eq!((next.rung, next.why), (Rung::LongPoll, Why::Remembered));
        assert_eq!(next.deadline(), Some(at(24 * 60 * 60 + 29)));
        assert_eq!(Ladder::new(&note, at(24 * 60 * 60)).rung, Rung::WebSocket);

        ladder.choose(Some(Rung::Poll), START);
        let note = ladder.take_note().expect("the rung has changed");
        let next = Ladder::new(&note, at(60));
        assert_eq!((next.rung, next.why), (Rung::Poll, Why::Chosen));
        for garbled in ["poll", "poll chosen", "poll chosen x", "carrier-pigeon chosen 1760000000000", "  "] {
            assert_eq!(Ladder::new(garbled, START).rung, Rung::WebSocket, "{garbled:?}");
        }
    }
}
