//! The network: connections that delay, drop, double, hang and are cut at any point. The world moves frames by it; it
//! reads none of them, except to know which losses no one could notice.

use std::collections::BTreeMap;

use hubbub_protocol::{ClientFrame, ServerFrame};

use super::chance::Chance;
use super::server::ConnectionId;

pub(crate) struct Network {
    /// Loses, doubles and delays; set to false at the end.
    pub(crate) is_hostile: bool,
    pub(crate) wires: BTreeMap<ConnectionId, Wire>,
    n_opened: u64,
}

/// One connection, from either end. Frames never overtake each other.
pub(crate) struct Wire {
    pub(crate) person: usize,
    /// The client's frames still reach the server.
    pub(crate) carries_up: bool,
    /// The server's frames still reach the client.
    pub(crate) carries_down: bool,
    /// What the client sends from now on goes nowhere, and it does not know.
    pub(crate) is_half_open: bool,
    /// A frame was lost that nothing but a new connection can make good.
    pub(crate) has_lost: bool,
    /// What it is made of, when it is no socket.
    pub(crate) asking: Option<Asking>,
    last_up: u64,
    last_down: u64,
}

/// A connection made of requests: what the server has to say waits for the next that asks.
#[derive(Default)]
pub(crate) struct Asking {
    /// Hints, and what answers a `hello`.
    pub(crate) mailbox: Vec<ServerFrame>,
    /// A request is at the server, and was not answered yet.
    pub(crate) is_asked: bool,
    /// The client will ask again.
    pub(crate) is_about_to_ask: bool,
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
            has_lost: false,
            asking: chance.one_in(2).then(Asking::default),
            last_up: 0,
            last_down: 0,
        };
        self.wires.insert(self.n_opened, wire);
        self.n_opened
    }

    /// When a frame of the client arrives: never, once or twice.
    pub(crate) fn up(
        &mut self,
        connection: ConnectionId,
        frame: &ClientFrame,
        now: u64,
        chance: &mut Chance,
    ) -> Vec<u64> {
        let is_made_good = matches!(frame, ClientFrame::Post { .. } | ClientFrame::History { .. });
        let n_copies = self.n_copies(chance);
        let delay = self.delay(chance);
        let Some(wire) = self.wires.get_mut(&connection) else { return Vec::new() };
        if wire.is_half_open || !wire.carries_up {
            return Vec::new();
        }
        wire.has_lost |= n_copies == 0 && !is_made_good;
        wire.last_up = wire.last_up.max(now + delay);
        vec![wire.last_up; n_copies]
    }

    /// The same for a frame of the server.
    pub(crate) fn down(
        &mut self,
        connection: ConnectionId,
        frame: &ServerFrame,
        now: u64,
        chance: &mut Chance,
    ) -> Vec<u64> {
        let is_made_good =
            matches!(frame, ServerFrame::Ack { .. } | ServerFrame::History { .. } | ServerFrame::Events { .. });
        let n_copies = self.n_copies(chance);
        let delay = self.delay(chance);
        let Some(wire) = self.wires.get_mut(&connection).filter(|wire| wire.carries_down) else { return Vec::new() };
        wire.has_lost |= n_copies == 0 && !is_made_good;
        wire.last_down = wire.last_down.max(now + delay);
        vec![wire.last_down; n_copies]
    }

    /// When an answer arrives, whole: never, once or twice. The next `hello` says what of it did not.
    pub(crate) fn answer(&mut self, connection: ConnectionId, now: u64, chance: &mut Chance) -> Vec<u64> {
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
