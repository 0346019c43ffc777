//! The connections of this node. Bounds how many a member and an address may have, and closes those of a session or all.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use hubbub_protocol::{Member, MemberId, Refusal};
use tokio::sync::watch;

use super::Closing;
use super::subscriber::Subscriber;
use crate::network::Network;
use crate::store::TokenHash;

/// The most connections that there may be; 0 means any number.
#[derive(Clone, Copy, Debug)]
pub struct Caps {
    /// Of one member, over all the member's sessions.
    pub per_member: usize,
    /// Of one address. The IPv6 addresses of one /64 network count as one.
    pub per_address: usize,
}

/// Every connection of this node: WebSockets, tabs that poll, and streams.
pub struct Connections {
    caps: Caps,
    state: Mutex<State>,
    count: watch::Sender<usize>,
}

#[derive(Default)]
struct State {
    next_number: u64,
    by_number: HashMap<u64, Connected>,
    per_member: HashMap<MemberId, usize>,
    per_network: HashMap<Network, usize>,
    /// Set when the server stops. A connection that is admitted afterwards is closed at once.
    closing: Option<Closing>,
    /// Sessions that have ended, oldest first. A session can end between the lookup of the session and the admission of
    /// its connection; that connection is refused.
    ended: VecDeque<(Instant, TokenHash)>,
}

/// How long [`State::ended`] keeps a session: longer than a request takes from the lookup to the admission.
const ENDED_KEPT_FOR: Duration = Duration::from_secs(60);

/// A connection that was admitted.
struct Connected {
    subscriber: Arc<Subscriber>,
    session: TokenHash,
}

/// Proof that a connection is within the caps. The connection counts until this is dropped.
pub struct Admission {
    connections: Arc<Connections>,
    subscriber: Arc<Subscriber>,
    number: u64,
    member: Arc<Member>,
    network: Network,
}

impl Connections {
    pub(super) fn new(caps: Caps) -> Arc<Self> {
        Arc::new(Self { caps, state: Mutex::default(), count: watch::Sender::new(0) })
    }

    /// Admits a connection.
    ///
    /// # Errors
    /// [`Refusal::TooManyConnections`] if its member or its address is at the cap, and [`Refusal::SignedOut`] if its
    /// session has ended since the lookup.
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
        let number = state.next_number;
        state.next_number += 1;
        state.per_member.insert(member.id, of_member + 1);
        state.per_network.insert(network, of_address + 1);
        let subscriber = Arc::new(Subscriber::default());
        if let Some(closing) = state.closing {
            subscriber.notifier.close(closing);
        }
        state.by_number.insert(number, Connected { subscriber: Arc::clone(&subscriber), session });
        self.count.send_replace(state.by_number.len());
        drop(state);
        Ok(Admission { connections: Arc::clone(self), subscriber, number, member, network })
    }

    /// Closes every connection of a session.
    pub fn end_session(&self, session: TokenHash) {
        let mut state = self.state();
        while state.ended.front().is_some_and(|(at, _)| at.elapsed() > ENDED_KEPT_FOR) {
            state.ended.pop_front();
        }
        state.ended.push_back((Instant::now(), session));
        for connected in state.by_number.values().filter(|connected| connected.session == session) {
            connected.subscriber.notifier.close(Closing::SignedOut);
        }
    }

    /// Closes every connection, and each connection that is admitted later.
    pub fn shut_down(&self) {
        let mut state = self.state();
        state.closing = Some(Closing::ShuttingDown);
        for connected in state.by_number.values() {
            connected.subscriber.notifier.close(Closing::ShuttingDown);
        }
    }

    /// Waits until there are no connections.
    pub async fn all_closed(&self) {
        // Waiting fails only if the sender was dropped, and `self` owns the sender.
        let _ = self.count.subscribe().wait_for(|count| *count == 0).await;
    }

    /// Notifies every feed of this node.
    pub(super) fn notify_all(&self) {
        for connected in self.state().by_number.values() {
            connected.subscriber.notifier.notify();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder of this lock panics")
    }
}

impl Admission {
    pub(super) fn subscriber(&self) -> &Arc<Subscriber> {
        &self.subscriber
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn member(&self) -> &Arc<Member> {
        &self.member
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        let mut state = self.connections.state();
        state.by_number.remove(&self.number);
        release(&mut state.per_member, self.member.id);
        release(&mut state.per_network, self.network);
        self.connections.count.send_replace(state.by_number.len());
    }
}

/// Whether `n` connections are as many as the cap allows.
fn is_full(cap: usize, n: usize) -> bool {
    cap != 0 && n >= cap
}

/// Counts one less, and removes a count of 0.
fn release<K: std::hash::Hash + Eq>(counts: &mut HashMap<K, usize>, key: K) {
    if let std::collections::hash_map::Entry::Occupied(mut entry) = counts.entry(key) {
        *entry.get_mut() -= 1;
        if *entry.get() == 0 {
            entry.remove();
        }
    }
}
