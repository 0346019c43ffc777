//! The simulated network. It delays, loses and repeats frames, and connections hang or are cut at any time. It looks at a
//! frame only to find out whether the protocol recovers from the loss of the frame.

use std::collections::BTreeMap;

use hubbub_protocol::{ClientFrame, ServerFrame};

use super::chance::Chance;
use super::server::ConnectionId;

pub(crate) struct Network {
    /// Whether the network loses, repeats and delays frames. Set to false at the end.
    pub(crate) is_hostile: bool,
    pub(crate) wires: BTreeMap<ConnectionId, Wire>,
    n_opened: u64,
}

/// One connection. Its frames arrive in the order of sending.
pub(crate) struct Wire {
    pub(crate) person: usize,
    /// Whether the client's frames reach the server.
    pub(crate) carries_up: bool,
    /// Whether the server's frames reach the client.
    pub(crate) carries_down: bool,
    /// Whether further frames of the client are lost, without the client's knowledge.
    pub(crate) is_half_open: bool,
    /// Whether a frame was lost from whose loss only a new connection recovers.
    pub(crate) needs_new_connection: bool,
    /// The state of a polling connection; None for a WebSocket.
    pub(crate) polling: Option<PollState>,
    last_up: u64,
    last_down: u64,
}

/// The state of a polling connection. The server's frames wait for the next poll.
#[derive(Default)]
pub(crate) struct PollState {
    /// Hints, and the frames that respond to a `hello`.
    pub(crate) queued_frames: Vec<ServerFrame>,
    /// Whether a poll waits at the server.
    pub(crate) has_request: bool,
    /// Whether the client's next poll is scheduled.
    pub(crate) will_poll: bool,
}

impl Network {
    pub(crate) fn new() -> Self {
        Self { is_hostile: true, wires: BTreeMap::new(), n_opened: 0 }
    }

    pub(crate) fn open(&mut self, person: usize, chance: &mut Chance) -> ConnectionId {
        self.n_opened += 1;
        let wire = Wire {
            person,
            carries_up: true,
            carries_down: true,
            is_half_open: false,
            needs_new_connection: false,
            polling: chance.one_in(2).then(PollState::default),
            last_up: 0,
            last_down: 0,
        };
        self.wires.insert(self.n_opened, wire);
        self.n_opened
    }

    /// Returns the times at which a frame of the client arrives: none, one or two.
    pub(crate) fn up(
        &mut self,
        connection: ConnectionId,
        frame: &ClientFrame,
        now: u64,
        chance: &mut Chance,
    ) -> Vec<u64> {
        let is_recovered = matches!(frame, ClientFrame::Operation { .. } | ClientFrame::Query { .. });
        let n_copies = self.n_copies(chance);
        let delay = self.delay(chance);
        let Some(wire) = self.wires.get_mut(&connection) else { return Vec::new() };
        if wire.is_half_open || !wire.carries_up {
            return Vec::new();
        }
        wire.needs_new_connection |= n_copies == 0 && !is_recovered;
        wire.last_up = wire.last_up.max(now + delay);
        vec![wire.last_up; n_copies]
    }

    /// Returns the times at which a frame of the server arrives: none, one or two. An answer may come after frames that were
    /// sent later, because the server reads a page while changes go on. A connection that loses rows carries nothing more:
    /// the client could not know that they are missing.
    pub(crate) fn down(
        &mut self,
        connection: ConnectionId,
        frame: &ServerFrame,
        now: u64,
        chance: &mut Chance,
    ) -> Vec<u64> {
        let is_answer = matches!(frame, ServerFrame::Answer { .. });
        let is_recovered = is_answer
            || matches!(frame, ServerFrame::Ack { .. } | ServerFrame::Changes { .. } | ServerFrame::Rows { .. });
        let n_copies = self.n_copies(chance);
        let delay = self.delay(chance);
        let Some(wire) = self.wires.get_mut(&connection).filter(|wire| wire.carries_down) else { return Vec::new() };
        wire.needs_new_connection |= n_copies == 0 && !is_recovered;
        if is_answer {
            return vec![now + delay; n_copies];
        }
        wire.last_down = wire.last_down.max(now + delay);
        vec![wire.last_down; n_copies]
    }

    /// Returns the times at which a response arrives: none, one or two. After a loss, the cursors of the next poll are behind.
    pub(crate) fn respond(&mut self, connection: ConnectionId, now: u64, chance: &mut Chance) -> Vec<u64> {
        let n_copies = self.n_copies(chance);
        let arrivals: Vec<u64> = (0..n_copies).map(|_| now + self.delay(chance)).collect();
        let wire = self.wires.get(&connection).filter(|wire| wire.carries_down);
        wire.map(|_| arrivals).unwrap_or_default()
    }

    fn n_copies(&self, chance: &mut Chance) -> usize {
        match chance.between(0, 39) {
            0 | 1 if self.is_hostile => 0,
            2 | 3 if self.is_hostile => 2,
            _ => 1,
        }
    }

    fn delay(&self, chance: &mut Chance) -> u64 {
        match chance.between(0, 19) {
            0 if self.is_hostile => chance.between(0, 12_000),
            1..5 if self.is_hostile => chance.between(0, 900),
            _ => chance.between(1, 40),
        }
    }
}
