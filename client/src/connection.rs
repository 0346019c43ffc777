//! Tracks the connection: whether it is open, whether the server responds, and when to reconnect. The engine passes in the
//! reports of the transport. This file knows no rooms.

use std::time::Duration;

use hubbub_protocol::limits::{DEAD_AFTER, PING_AFTER};
use hubbub_protocol::{ClientFrame, UnixMillis};

use crate::backoff::Backoff;
use crate::effects::{Action, Effects, Update};
use crate::moment::{ANSWER_WITHIN, Moment, after};

/// After a connection that lasted this long since its `welcome`, the backoff starts anew.
const STABLE_AFTER: Duration = Duration::from_secs(10);

/// The state of the connection as people see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionState {
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

/// Whether the browser reports a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkState {
    /// There may be a network.
    Online,
    /// There is no network.
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

/// Tracks the connection and the attempts to open one.
#[derive(Debug)]
pub(crate) struct ConnectionTracker {
    state: State,
    network: NetworkState,
    backoff: Backoff,
    received_at: UnixMillis,
    is_ping_pending: bool,
    server_wait_ms: Option<u64>,
}

impl ConnectionTracker {
    pub(crate) fn new() -> Self {
        Self {
            state: State::Idle,
            network: NetworkState::Online,
            backoff: Backoff::default(),
            received_at: UnixMillis(0),
            is_ping_pending: false,
            server_wait_ms: None,
        }
    }

    pub(crate) fn state(&self) -> ConnectionState {
        match self.state {
            State::Idle | State::Opening { .. } | State::Greeting { .. } => ConnectionState::Connecting,
            State::Welcomed { .. } => ConnectionState::Connected,
            State::Waiting { at } => ConnectionState::Reconnecting { at },
            State::Offline => ConnectionState::Offline,
            State::SignedOut => ConnectionState::SignedOut,
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
            self.open_if_online(now, out);
        }
    }

    /// Opens a connection at once, even if the browser reports no network or the session had ended.
    pub(crate) fn reconnect_now(&mut self, now: UnixMillis, out: &mut Effects) {
        if matches!(self.state, State::Waiting { .. } | State::Offline | State::SignedOut) {
            self.open(now, out);
        }
    }

    pub(crate) fn set_network(&mut self, network: NetworkState, now: UnixMillis, out: &mut Effects) {
        self.network = network;
        match (network, self.state) {
            (NetworkState::Offline, State::Opening { .. } | State::Greeting { .. } | State::Welcomed { .. }) => {
                out.act(Action::Close);
                self.enter(State::Offline, out);
            }
            (NetworkState::Offline, State::Waiting { .. }) => self.enter(State::Offline, out),
            (NetworkState::Online, State::Waiting { .. } | State::Offline) => self.open(now, out),
            (NetworkState::Offline, State::Idle | State::Offline | State::SignedOut)
            | (
                NetworkState::Online,
                State::Idle
                | State::Opening { .. }
                | State::Greeting { .. }
                | State::Welcomed { .. }
                | State::SignedOut,
            ) => {}
        }
    }

    /// Takes the report that a connection is open. Returns false if the engine has not requested one.
    pub(crate) fn opened(&mut self, now: UnixMillis) -> bool {
        let expected = matches!(self.state, State::Opening { .. });
        if expected {
            self.state = State::Greeting { since: now };
            self.received(now);
        }
        expected
    }

    /// Takes the time at which a frame of the server was received.
    pub(crate) fn received(&mut self, now: UnixMillis) {
        self.received_at = now;
        self.is_ping_pending = false;
    }

    pub(crate) fn welcomed(&mut self, now: UnixMillis, out: &mut Effects) {
        if matches!(self.state, State::Greeting { .. }) {
            self.enter(State::Welcomed { since: now }, out);
        }
    }

    /// Takes the time that the server asks clients to wait. It is used once the connection has closed.
    pub(crate) fn set_server_wait(&mut self, wait_ms: u64) {
        self.server_wait_ms = Some(wait_ms);
    }

    pub(crate) fn signed_out(&mut self, out: &mut Effects) {
        out.act(Action::Close);
        self.enter(State::SignedOut, out);
    }

    pub(crate) fn closed(&mut self, moment: &Moment, out: &mut Effects) {
        match self.state {
            State::Welcomed { since } if moment.now >= after(since, STABLE_AFTER) => self.backoff.reset(),
            State::Opening { .. } | State::Greeting { .. } | State::Welcomed { .. } => {}
            State::Idle | State::Waiting { .. } | State::Offline | State::SignedOut => return,
        }
        let wait_ms = self.server_wait_ms.take().unwrap_or_else(|| self.backoff.next_ms(moment));
        match self.network {
            NetworkState::Online => {
                self.enter(State::Waiting { at: UnixMillis(moment.now.0.saturating_add(wait_ms)) }, out)
            }
            NetworkState::Offline => self.enter(State::Offline, out),
        }
    }

    pub(crate) fn tick(&mut self, moment: &Moment, out: &mut Effects) {
        let Some(deadline) = self.deadline() else { return };
        if moment.now < deadline {
            return;
        }
        match self.state {
            State::Waiting { .. } => self.open(moment.now, out),
            State::Welcomed { .. } if moment.now < after(self.received_at, DEAD_AFTER) => {
                self.is_ping_pending = true;
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
            State::Welcomed { .. } if self.is_ping_pending => Some(after(self.received_at, DEAD_AFTER)),
            State::Welcomed { .. } => Some(after(self.received_at, PING_AFTER)),
            State::Waiting { at } => Some(at),
            State::Idle | State::Offline | State::SignedOut => None,
        }
    }

    fn open_if_online(&mut self, now: UnixMillis, out: &mut Effects) {
        match self.network {
            NetworkState::Online => self.open(now, out),
            NetworkState::Offline => self.enter(State::Offline, out),
        }
    }

    fn open(&mut self, now: UnixMillis, out: &mut Effects) {
        self.server_wait_ms = None;
        out.act(Action::Open);
        self.enter(State::Opening { since: now }, out);
    }

    fn enter(&mut self, state: State, out: &mut Effects) {
        self.state = state;
        out.update(Update::Connection);
    }
}
