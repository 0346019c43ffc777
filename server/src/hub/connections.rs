//! Everyone who is connected here: how many a person and an address may be, and how a session's connections are ended.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use hubbub_protocol::{Member, MemberId, Refusal};
use tokio::sync::watch;

use super::Closing;
use super::seat::Seat;
use crate::network::Network;
use crate::store::TokenHash;

/// How many connections there may be; 0 means any number.
#[derive(Clone, Copy, Debug)]
pub struct Caps {
    /// For one person, over all their sessions.
    pub per_member: usize,
    /// For one address; IPv6 addresses of one /64 are one.
    pub per_address: usize,
}

/// See the module.
pub struct Connections {
    caps: Caps,
    state: Mutex<State>,
    count: watch::Sender<usize>,
}

#[derive(Default)]
struct State {
    next_reader: u64,
    by_reader: HashMap<u64, Connected>,
    per_member: HashMap<MemberId, usize>,
    per_network: HashMap<Network, usize>,
    /// Said to those who come later too: the server stops.
    closing: Option<Closing>,
    /// Sessions that have ended, oldest first: a connection may be on its way whose session was looked up just before.
    ended: VecDeque<(Instant, TokenHash)>,
}

/// Longer than any request takes from the lookup of its session to its admission.
const ENDED_KEPT_FOR: Duration = Duration::from_secs(60);

struct Connected {
    seat: Arc<Seat>,
    session: TokenHash,
}

/// Proof that a connection is within the caps. Dropping it makes room for another.
pub struct Admission {
    connections: Arc<Connections>,
    seat: Arc<Seat>,
    reader: u64,
    member: Arc<Member>,
    network: Network,
}

impl Connections {
    pub(super) fn new(caps: Caps) -> Arc<Self> {
        Arc::new(Self { caps, state: Mutex::default(), count: watch::Sender::new(0) })
    }

    /// Lets a connection in.
    ///
    /// # Errors
    /// [`Refusal::TooManyConnections`] when its member or its address has all it may have, [`Refusal::SignedOut`] when
    /// its session has ended meanwhile.
    pub fn admit(
        self: &Arc<Self>,
        session: TokenHash,
        member: Arc<Member>,
        address: IpAddr,
    ) -> Result<Admission, Refusal> {
        let mut state = self.state();
        if state.ended.iter().any(|(_, ended)| *ended == session) {
            return Err(Refusal::SignedOut);
        }
        let of_member = state.per_member.get(&member.id).copied().unwrap_or(0);
        let network = Network::from(address);
        let of_address = state.per_network.get(&network).copied().unwrap_or(0);
        if is_full(self.caps.per_member, of_member) || is_full(self.caps.per_address, of_address) {
            return Err(Refusal::TooManyConnections);
        }
        let reader = state.next_reader;
        state.next_reader += 1;
        state.per_member.insert(member.id, of_member + 1);
        state.per_network.insert(network, of_address + 1);
        let seat = Arc::new(Seat::default());
        if let Some(closing) = state.closing {
            seat.bell.close(closing);
        }
        state.by_reader.insert(reader, Connected { seat: Arc::clone(&seat), session });
        self.count.send_replace(state.by_reader.len());
        drop(state);
        Ok(Admission { connections: Arc::clone(self), seat, reader, member, network })
    }

    /// Ends every connection of a session.
    pub fn end_session(&self, session: TokenHash) {
        let mut state = self.state();
        while state.ended.front().is_some_and(|(at, _)| at.elapsed() > ENDED_KEPT_FOR) {
            state.ended.pop_front();
        }
        state.ended.push_back((Instant::now(), session));
        for connected in state.by_reader.values().filter(|connected| connected.session == session) {
            connected.seat.bell.close(Closing::SignedOut);
        }
    }

    /// Ends every connection, those that are still to come too.
    pub fn shut_down(&self) {
        let mut state = self.state();
        state.closing = Some(Closing::ShuttingDown);
        for connected in state.by_reader.values() {
            connected.seat.bell.close(Closing::ShuttingDown);
        }
    }

    /// Waits until no one is connected.
    pub async fn all_gone(&self) {
        // Waiting fails only when the sender is gone, and `self` holds it.
        let _ = self.count.subscribe().wait_for(|count| *count == 0).await;
    }

    pub(super) fn ring_all(&self) {
        for connected in self.state().by_reader.values() {
            connected.seat.bell.ring();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder of this lock panics")
    }
}

impl Admission {
    pub(super) fn seat(&self) -> &Arc<Seat> {
        &self.seat
    }

    pub(super) fn reader(&self) -> u64 {
        self.reader
    }

    pub(super) fn member(&self) -> &Arc<Member> {
        &self.member
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        let mut state = self.connections.state();
        state.by_reader.remove(&self.reader);
        release(&mut state.per_member, self.member.id);
        release(&mut state.per_network, self.network);
        self.connections.count.send_replace(state.by_reader.len());
    }
}

fn is_full(cap: usize, n: usize) -> bool {
    cap != 0 && n >= cap
}

fn release<K: std::hash::Hash + Eq>(counts: &mut HashMap<K, usize>, key: K) {
    if let std::collections::hash_map::Entry::Occupied(mut entry) = counts.entry(key) {
        *entry.get_mut() -= 1;
        if *entry.get() == 0 {
            entry.remove();
        }
    }
}
