//! The state of the connection: whether it is open, whether the server is alive, and when to reconnect. The engine passes
//! in what the transport reports. Nothing here knows of rooms.

use std::time::Duration;

use hubbub_protocol::limits::{DEAD_AFTER, PING_AFTER};
use hubbub_protocol::{ClientFrame, UnixMillis};

use crate::backoff::Backoff;
use crate::effects::{Action, Change, Effects};
use crate::moment::{ANSWER_WITHIN, Moment, after};

/// After a connection that lasted this long since its `welcome`, the backoff starts anew.
const GOOD_AFTER: Duration = Duration::from_secs(10);

/// The state of the connection as people see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// A connection is being opened.
    Connecting,
    /// The server has sent `welcome`.
    Connected,
    /// The connection was lost.
    Reconnecting {
        /// When the next attempt is made.
        at: UnixMillis,
    },
    /// The browser reports no network. No attempt is made until it reports one.
    Offline,
    /// The session has ended. No attempt is made.
    SignedOut,
}

/// The browser's hint whether there is a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// There may be a network.
    Online,
    /// There is none.
    Offline,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Idle,
    Opening { since: UnixMillis },
    Greeting { since: UnixMillis },
    Welcomed { since: UnixMillis },
    Waiting { at: UnixMillis },
    Offline,
    SignedOut,
}

/// The connection and the attempts to open one.
#[derive(Debug)]
pub(crate) struct Link {
    state: State,
    network: Network,
    backoff: Backoff,
    heard: UnixMillis,
    pinged: bool,
    told_wait_ms: Option<u64>,
}

impl Link {
    pub(crate) fn new() -> Self {
        Self {
            state: State::Idle,
            network: Network::Online,
            backoff: Backoff::default(),
            heard: UnixMillis(0),
            pinged: false,
            told_wait_ms: None,
        }
    }

    pub(crate) fn shown(&self) -> Connection {
        match self.state {
            State::Idle | State::Opening { .. } | State::Greeting { .. } => Connection::Connecting,
            State::Welcomed { .. } => Connection::Connected,
            State::Waiting { at } => Connection::Reconnecting { at },
            State::Offline => Connection::Offline,
            State::SignedOut => Connection::SignedOut,
        }
    }

    /// Returns whether frames can be sent and received.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.state, State::Greeting { .. } | State::Welcomed { .. })
    }

    /// Returns whether the server has sent `welcome`, so that it accepts requests.
    pub(crate) fn is_welcomed(&self) -> bool {
        matches!(self.state, State::Welcomed { .. })
    }

    pub(crate) fn start(&mut self, now: UnixMillis, out: &mut Effects) {
        if self.state == State::Idle {
            self.try_again(now, out);
        }
    }

    /// Opens a connection at once, even if the browser reports no network or the session had ended.
    pub(crate) fn reconnect_now(&mut self, now: UnixMillis, out: &mut Effects) {
        if matches!(self.state, State::Waiting { .. } | State::Offline | State::SignedOut) {
            self.open(now, out);
        }
    }

    pub(crate) fn set_network(&mut self, network: Network, now: UnixMillis, out: &mut Effects) {
        self.network = network;
        match (network, self.state) {
            (Network::Offline, State::Opening { .. } | State::Greeting { .. } | State::Welcomed { .. }) => {
                out.act(Action::Close);
                self.go(State::Offline, out);
            }
            (Network::Offline, State::Waiting { .. }) => self.go(State::Offline, out),
            (Network::Online, State::Waiting { .. } | State::Offline) => self.open(now, out),
            (Network::Offline, State::Idle | State::Offline | State::SignedOut)
            | (
                Network::Online,
                State::Idle
                | State::Opening { .. }
                | State::Greeting { .. }
                | State::Welcomed { .. }
                | State::SignedOut,
            ) => {}
        }
    }

    /// Takes the report that a connection is open. Returns whether one had been asked for.
    pub(crate) fn opened(&mut self, now: UnixMillis) -> bool {
        let expected = matches!(self.state, State::Opening { .. });
        if expected {
            self.state = State::Greeting { since: now };
            self.heard(now);
        }
        expected
    }

    /// Takes the time at which something was received from the server.
    pub(crate) fn heard(&mut self, now: UnixMillis) {
        self.heard = now;
        self.pinged = false;
    }

    pub(crate) fn welcomed(&mut self, now: UnixMillis, out: &mut Effects) {
        if matches!(self.state, State::Greeting { .. }) {
            self.go(State::Welcomed { since: now }, out);
        }
    }

    /// Takes the time that the server asks clients to wait. It is used once the connection has closed.
    pub(crate) fn told_to_wait(&mut self, wait_ms: u64) {
        self.told_wait_ms = Some(wait_ms);
    }

    pub(crate) fn signed_out(&mut self, out: &mut Effects) {
        out.act(Action::Close);
        self.go(State::SignedOut, out);
    }

    pub(crate) fn closed(&mut self, moment: &Moment, out: &mut Effects) {
        match self.state {
            State::Welcomed { since } if moment.now >= after(since, GOOD_AFTER) => self.backoff.reset(),
            State::Opening { .. } | State::Greeting { .. } | State::Welcomed { .. } => {}
            State::Idle | State::Waiting { .. } | State::Offline | State::SignedOut => return,
        }
        let wait_ms = self.told_wait_ms.take().unwrap_or_else(|| self.backoff.next_ms(moment));
        match self.network {
            Network::Online => self.go(State::Waiting { at: UnixMillis(moment.now.0.saturating_add(wait_ms)) }, out),
            Network::Offline => self.go(State::Offline, out),
        }
    }

    pub(crate) fn tick(&mut self, moment: &Moment, out: &mut Effects) {
        let Some(deadline) = self.deadline() else { return };
        if moment.now < deadline {
            return;
        }
        match self.state {
            State::Waiting { .. } => self.open(moment.now, out),
            State::Welcomed { .. } if moment.now < after(self.heard, DEAD_AFTER) => {
                self.pinged = true;
                out.send(ClientFrame::Ping);
            }
            State::Opening { .. } | State::Greeting { .. } | State::Welcomed { .. } => {
                out.act(Action::Close);
                self.closed(moment, out);
            }
            State::Idle | State::Offline | State::SignedOut => {}
        }
    }

    pub(crate) fn deadline(&self) -> Option<UnixMillis> {
        match self.state {
            State::Opening { since } | State::Greeting { since } => Some(after(since, ANSWER_WITHIN)),
            State::Welcomed { .. } if self.pinged => Some(after(self.heard, DEAD_AFTER)),
            State::Welcomed { .. } => Some(after(self.heard, PING_AFTER)),
            State::Waiting { at } => Some(at),
            State::Idle | State::Offline | State::SignedOut => None,
        }
    }

    fn try_again(&mut self, now: UnixMillis, out: &mut Effects) {
        match self.network {
            Network::Online => self.open(now, out),
            Network::Offline => self.go(State::Offline, out),
        }
    }

    fn open(&mut self, now: UnixMillis, out: &mut Effects) {
        self.told_wait_ms = None;
        out.act(Action::Open);
        self.go(State::Opening { since: now }, out);
    }

    fn go(&mut self, state: State, out: &mut Effects) {
        self.state = state;
        out.change(Change::Connection);
    }
}
