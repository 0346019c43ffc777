//! The ladder of transports: a WebSocket where one works, else long polling, else polling. Decides which one to use and when
//! to try a faster one. The driver reports how connections fare. Plain Rust: time comes in as an argument.

use hubbub_protocol::UnixMillis;

use crate::state::transport::{TransportKind, TransportReason};

/// How long a WebSocket may take to open before long polling is used.
const OPENS_WITHIN_MS: u64 = 4_000;
/// Connections of one kind in a row that may end before the server's welcome.
const MAX_FAILED: u8 = 2;
/// Waiting requests that may be cut short while none waits longer without being cut.
const MAX_CUT_WAITS: u8 = 3;
/// How soon a WebSocket is tried again in the background. Each try doubles the time.
const FIRST_PROBE_MS: u64 = 30_000;
/// The longest time between two tries.
const LONGEST_PROBE_MS: u64 = 600_000;
/// How long a finding is remembered. A laptop is often carried to another network.
const REMEMBERED_MS: u64 = 24 * 60 * 60 * 1_000;

/// An action that the driver has to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LadderAction {
    /// Nothing.
    Stay,
    /// Give up the connection that is being opened, and open one of the current kind.
    Replace,
    /// Open a WebSocket beside the connection, to learn whether WebSockets work here.
    Probe,
    /// Give up the connection that works, and open one of the current kind.
    Reconnect,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TransportEnd {
    /// It failed, or the server closed it.
    Closed,
    /// A request was cut after it had waited that long.
    CutShort { waited_ms: u64 },
}

/// The chosen transport, and the observations that the choice depends on.
pub(super) struct Ladder {
    pub(super) kind: TransportKind,
    pub(super) reason: TransportReason,
    since: UnixMillis,
    is_new: bool,
    opening: Option<UnixMillis>,
    is_welcomed: bool,
    n_failed: u8,
    n_cut: u8,
    /// The shortest wait of the requests that `n_cut` counts.
    shortest_cut_ms: u64,
    has_probed: bool,
    probe_after_ms: u64,
    probe_at: UnixMillis,
}

impl Ladder {
    /// Starts with a WebSocket, or with the transport in an earlier page's [`Ladder::take_note`] of less than a day ago.
    pub(super) fn new(note: &str, now: UnixMillis) -> Self {
        let mut ladder = Self {
            kind: TransportKind::WebSocket,
            reason: TransportReason::Found,
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
        if let (Some(kind), reason, Ok(since)) = (TransportKind::from_code(word()), word(), word().parse())
            && now.0.saturating_sub(since) < REMEMBERED_MS
        {
            ladder.kind = kind;
            ladder.reason = if reason == "chosen" { TransportReason::Chosen } else { TransportReason::Remembered };
            ladder.since = UnixMillis(since);
        }
        ladder
    }

    /// Returns what the next page is to be given, each time that it changes.
    pub(super) fn take_note(&mut self) -> Option<String> {
        let reason = if self.reason == TransportReason::Chosen { "chosen" } else { "found" };
        std::mem::take(&mut self.is_new).then(|| format!("{} {reason} {}", self.kind.code(), self.since))
    }

    /// Notes that a connection is being opened, and returns its kind.
    pub(super) fn opening(&mut self, now: UnixMillis) -> TransportKind {
        self.is_welcomed = false;
        self.opening = Some(now);
        self.kind
    }

    /// Notes that the connection is open.
    pub(super) fn opened(&mut self) {
        self.opening = None;
    }

    /// Notes that the server has said welcome: frames arrive.
    pub(super) fn welcomed(&mut self) {
        self.is_welcomed = true;
        self.n_failed = 0;
    }

    /// Notes that a request was answered after it had waited that long. Requests that were cut sooner were then not cut
    /// because they waited.
    pub(super) fn waited(&mut self, waited_ms: u64) {
        if self.kind == TransportKind::LongPolling && waited_ms >= self.shortest_cut_ms {
            self.n_cut = 0;
            self.shortest_cut_ms = u64::MAX;
        }
    }

    /// Notes that a connection has ended. To be called once for each connection.
    pub(super) fn ended(&mut self, end: TransportEnd, now: UnixMillis) {
        self.opening = None;
        let was_welcomed = std::mem::take(&mut self.is_welcomed);
        if self.reason == TransportReason::Chosen {
            return;
        }
        if !was_welcomed {
            self.n_failed += 1;
            if self.n_failed >= MAX_FAILED {
                // If plain requests fail too, the server or the network is down, and a WebSocket is tried again.
                self.go(
                    if self.kind == TransportKind::WebSocket {
                        TransportKind::LongPolling
                    } else {
                        TransportKind::WebSocket
                    },
                    now,
                );
            }
        } else if self.kind == TransportKind::LongPolling
            && let TransportEnd::CutShort { waited_ms } = end
        {
            self.n_cut += 1;
            self.shortest_cut_ms = self.shortest_cut_ms.min(waited_ms);
            if self.n_cut >= MAX_CUT_WAITS {
                self.go(TransportKind::Polling, now);
            }
        }
    }

    /// Notes that a probe was answered: WebSockets work.
    pub(super) fn climb(&mut self, now: UnixMillis) {
        self.choose(None, now);
    }

    /// Takes the person's choice. None leaves the choice to the ladder, which starts with a WebSocket.
    pub(super) fn choose(&mut self, kind: Option<TransportKind>, now: UnixMillis) {
        self.probe_after_ms = FIRST_PROBE_MS;
        self.shortest_cut_ms = u64::MAX;
        self.go(kind.unwrap_or(TransportKind::WebSocket), now);
        if kind.is_some() {
            self.reason = TransportReason::Chosen;
        }
    }

    /// When `tick` is due.
    pub(super) fn deadline(&self) -> Option<UnixMillis> {
        match (self.reason, self.kind, self.opening) {
            (TransportReason::Chosen, ..) => None,
            (_, TransportKind::WebSocket, opening) => opening.map(|since| UnixMillis(since.0 + OPENS_WITHIN_MS)),
            // A probe is opened beside a working connection only.
            (_, TransportKind::LongPolling | TransportKind::Polling, _) => self.is_welcomed.then_some(self.probe_at),
        }
    }

    /// Returns the action that is due. An early call is harmless.
    pub(super) fn tick(&mut self, now: UnixMillis) -> LadderAction {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return LadderAction::Stay;
        }
        if self.kind == TransportKind::WebSocket {
            self.go(TransportKind::LongPolling, now);
            return LadderAction::Replace;
        }
        self.probe_after_ms = LONGEST_PROBE_MS.min(2 * self.probe_after_ms);
        if self.kind == TransportKind::Polling && self.has_probed {
            // No WebSocket was answered. Long polling is tried instead, and given up at the first request that is cut.
            self.go(TransportKind::LongPolling, now);
            self.n_cut = MAX_CUT_WAITS - 1;
            return LadderAction::Reconnect;
        }
        self.has_probed = true;
        self.probe_at = UnixMillis(now.0 + self.probe_after_ms);
        LadderAction::Probe
    }

    fn go(&mut self, kind: TransportKind, now: UnixMillis) {
        self.kind = kind;
        self.reason = TransportReason::Found;
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
