//! Which transport to use, and when to try a better one: a WebSocket where one opens, else requests that wait, else
//! requests that don't. `driver` tells it how connections fare and does what it says. Time comes in; it knows no browser.

use hubbub_protocol::UnixMillis;

/// How long a WebSocket may take to open.
const OPENS_WITHIN_MS: u64 = 4_000;
/// Connections of a kind in a row that may die before the server's welcome.
const MOST_FAILED: u8 = 2;
/// Waiting requests that may be cut short, with none between them that waited for longer.
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
    /// A WebSocket is to be opened beside the connection, to see whether one works.
    Probe,
    /// The connection that works is given up for one on the rung of now.
    Reconnect,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It failed, or the server closed it.
    Closed,
    /// A request was cut after it had waited for so long.
    CutShort { waited_ms: u64 },
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
    n_cut: u8,
    /// The least that a request had waited when it was cut, of those counted.
    shortest_cut_ms: u64,
    has_probed: bool,
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
            n_cut: 0,
            shortest_cut_ms: u64::MAX,
            has_probed: false,
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
        self.n_failed = 0;
    }

    /// A request has waited for so long and was answered. If others were cut sooner, then not because they waited.
    pub(crate) fn waited(&mut self, waited_ms: u64) {
        if self.rung == Rung::LongPoll && waited_ms >= self.shortest_cut_ms {
            self.n_cut = 0;
            self.shortest_cut_ms = u64::MAX;
        }
    }

    /// The connection is no more. To be told once of each.
    pub(crate) fn ended(&mut self, end: End, now: UnixMillis) {
        self.opening = None;
        let was_welcomed = std::mem::take(&mut self.is_welcomed);
        if self.why == Why::Chosen {
            return;
        }
        if !was_welcomed {
            self.n_failed += 1;
            if self.n_failed >= MOST_FAILED {
                // Where not even plain requests come through, it is the server or the network that is away.
                self.go(if self.rung == Rung::WebSocket { Rung::LongPoll } else { Rung::WebSocket }, now);
            }
        } else if self.rung == Rung::LongPoll
            && let End::CutShort { waited_ms } = end
        {
            self.n_cut += 1;
            self.shortest_cut_ms = self.shortest_cut_ms.min(waited_ms);
            if self.n_cut >= MOST_CUT_WAITS {
                self.go(Rung::Poll, now);
            }
        }
    }

    /// A probe was answered.
    pub(crate) fn climb(&mut self, now: UnixMillis) {
        self.choose(None, now);
    }

    /// The person's choice; `None` leaves it to the ladder, which begins at the top.
    pub(crate) fn choose(&mut self, rung: Option<Rung>, now: UnixMillis) {
        self.probe_after_ms = FIRST_PROBE_MS;
        self.shortest_cut_ms = u64::MAX;
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
            // Without a connection there is nothing to try another beside.
            (_, Rung::LongPoll | Rung::Poll, _) => self.is_welcomed.then_some(self.probe_at),
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
        self.probe_after_ms = LONGEST_PROBE_MS.min(2 * self.probe_after_ms);
        if self.rung == Rung::Poll && self.has_probed {
            // No WebSocket answered: perhaps requests may wait again. One that is cut is enough to come back.
            self.go(Rung::LongPoll, now);
            self.n_cut = MOST_CUT_WAITS - 1;
            return Step::Reconnect;
        }
        self.has_probed = true;
        self.probe_at = UnixMillis(now.0 + self.probe_after_ms);
        Step::Probe
    }

    fn go(&mut self, rung: Rung, now: UnixMillis) {
        self.rung = rung;
        self.why = Why::Found;
        self.since = now;
        self.is_new = true;
        self.n_failed = 0;
        self.n_cut = 0;
        self.has_probed = false;
        self.probe_at = UnixMillis(now.0 + self.probe_after_ms);
    }
}

#[cfg(test)]
mod tests;
