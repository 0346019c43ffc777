//! A room that at least one connection of this node follows: its recent changes, its hints, its members, and the delivery to
//! its subscribers.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use hubbub_protocol::{Change, Member, RoomId, Seq};
use tokio::task::yield_now;
use tokio::time::sleep_until;

use super::Frame;
use super::hints::Hints;
use super::presence::{Presence, Present};
use super::recent::{Found, Recent};
use super::round_robin::RoundRobin;
use super::subscriber::{Position, Subscriber};
use super::throttle::{SendPlan, Throttle};
use super::ticker::{TickPlan, Ticker};

/// About the most bytes that one read gathers for a subscriber. The next read gathers the rest.
pub(super) const READ_BYTES: usize = 256 * 1024;
/// Presence is sent at most this often: a thousand people who arrive within a second cost one list and not a thousand.
const PRESENCE_INTERVAL: Duration = Duration::from_secs(1);
/// The number of subscribers that are reached before other tasks run.
const REACHED_AT_ONCE: usize = 64;

/// One room, shared by its subscribers and the hub.
pub(super) struct Room {
    id: RoomId,
    state: Mutex<State>,
    /// Apart from `state`, so that entering and leaving don't wait for reads.
    subscribers: Mutex<Subscribers>,
}

#[derive(Default)]
struct Subscribers {
    /// By the number of the connection.
    all: BTreeMap<u64, Arc<Subscriber>>,
    round: RoundRobin,
}

struct State {
    recent: Recent,
    /// The highest seq that was published or read. None until one was.
    head: Option<Seq>,
    hints: Hints,
    presence: Presence,
    ticker: Ticker,
    presence_throttle: Throttle,
}

impl Room {
    pub(super) fn new(id: RoomId) -> Arc<Self> {
        let state = State {
            recent: Recent::new(id),
            head: None,
            hints: Hints::default(),
            presence: Presence::default(),
            ticker: Ticker::default(),
            presence_throttle: Throttle::default(),
        };
        Arc::new(Self { id, state: Mutex::new(state), subscribers: Mutex::default() })
    }

    /// Adds a connection to the subscribers. Everything that is published from now on reaches it.
    pub(super) fn enter(self: &Arc<Self>, connection: u64, subscriber: &Arc<Subscriber>, member: &Member) -> Position {
        self.subscribers().all.insert(connection, Arc::clone(subscriber));
        let mut state = self.state();
        let is_new = state.presence.enter(member);
        let position = Position {
            room: self.id,
            cursor: Seq(0),
            tick_taken: state.ticker.number(),
            hints_seen: state.hints.next(),
            presence_seen: 0,
        };
        drop(state);
        if is_new {
            self.presence_changed();
        }
        position
    }

    /// Removes a connection from the subscribers. True if it was the last.
    pub(super) fn leave(self: &Arc<Self>, connection: u64, member: &Member) -> bool {
        let is_last = {
            let mut subscribers = self.subscribers();
            subscribers.all.remove(&connection);
            subscribers.all.is_empty()
        };
        if self.state().presence.leave(member.id) && !is_last {
            self.presence_changed();
        }
        is_last
    }

    pub(super) fn publish(self: &Arc<Self>, changes: Vec<Change>) {
        self.change(|state| {
            state.head = changes.last().map(|change| change.seq).max(state.head);
            state.recent.publish(changes);
        });
    }

    /// Returns the head of the room's stream, if it is known. Changes after it may be on their way.
    pub(super) fn head(&self) -> Option<Seq> {
        self.state().head
    }

    /// Notes a head that was read from the store.
    pub(super) fn learn_head(&self, head: Seq) {
        let mut state = self.state();
        state.head = state.head.max(Some(head));
    }

    pub(super) fn hint(self: &Arc<Self>, frame: Frame) {
        self.change(|state| state.hints.push(frame));
    }

    /// Adds what a connection has not read yet to `frames`, about [`READ_BYTES`]: changes first, then hints. When enough
    /// subscribers have done so, the room ticks again.
    pub(super) fn take(self: &Arc<Self>, position: &mut Position, frames: &mut Vec<Frame>) -> Found {
        let found = self.read(position, frames);
        self.tick_if_due();
        found
    }

    /// [`Room::take`] without the tick, for [`Room::deliver`].
    fn read(&self, position: &mut Position, frames: &mut Vec<Frame>) -> Found {
        let mut state = self.state();
        let found = state.recent.read(&mut position.cursor, frames, READ_BYTES);
        frames.extend(state.hints.since(&mut position.hints_seen).cloned());
        frames.extend(state.presence.since(&mut position.presence_seen).cloned());
        state.ticker.taken(&mut position.tick_taken);
        found
    }

    pub(super) fn present(&self) -> Present {
        self.state().presence.now()
    }

    /// Makes a change that is readable from the next tick on.
    fn change(self: &Arc<Self>, change: impl FnOnce(&mut State)) {
        let mut state = self.state();
        change(&mut state);
        state.ticker.want();
        drop(state);
        self.tick_if_due();
    }

    fn tick_if_due(self: &Arc<Self>) {
        let plan = self.state().ticker.plan();
        match plan {
            TickPlan::Rest => {}
            TickPlan::Now => self.tick(),
            TickPlan::At(when) => {
                let room = Arc::clone(self);
                tokio::spawn(async move {
                    sleep_until(when).await;
                    room.state().ticker.timer_fired();
                    room.tick_if_due();
                });
            }
        }
    }

    /// Makes the gathered changes readable, and ensures that every subscriber gets them.
    fn tick(self: &Arc<Self>) {
        let n_subscribers = self.subscribers().all.len();
        {
            let mut state = self.state();
            state.ticker.ticked(n_subscribers);
            state.recent.tick();
        }
        // After the changes became readable, so that every subscriber that is reached from here on finds them.
        if self.subscribers().round.begin() {
            tokio::spawn(Arc::clone(self).deliver());
        }
    }

    /// Delivers the unread frames to every subscriber. Reaches some at a time, so that a large room delays neither connections
    /// that enter or leave nor other rooms.
    ///
    /// First other tasks run: the connections whose operations were just acknowledged write their acks, and take the frames
    /// along with the same system call.
    async fn deliver(self: Arc<Self>) {
        yield_now().await;
        let mut frames = Vec::new();
        let mut reached = Vec::with_capacity(REACHED_AT_ONCE);
        let mut n_reached = 0;
        loop {
            {
                let Subscribers { all, round } = &mut *self.subscribers();
                round.advance(all, REACHED_AT_ONCE, &mut reached);
            }
            if reached.is_empty() {
                return;
            }
            n_reached += reached.len();
            for subscriber in reached.drain(..) {
                subscriber.deliver(self.id, &mut frames, |position, frames| self.read(position, frames));
            }
            self.tick_if_due();
            if n_reached >= REACHED_AT_ONCE {
                n_reached = 0;
                // Commits run on a thread of their own, which waits for this one on a machine with one core.
                std::thread::yield_now();
                yield_now().await;
            }
        }
    }

    fn presence_changed(self: &Arc<Self>) {
        let plan = self.state().presence_throttle.plan(PRESENCE_INTERVAL);
        match plan {
            SendPlan::Now => self.send_presence(),
            SendPlan::At(when) => {
                let room = Arc::clone(self);
                tokio::spawn(async move {
                    sleep_until(when).await;
                    room.send_presence();
                });
            }
            SendPlan::Planned => {}
        }
    }

    fn send_presence(self: &Arc<Self>) {
        self.change(|state| {
            state.presence_throttle.sent();
            state.presence.encode(self.id);
        });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder of this lock panics")
    }

    fn subscribers(&self) -> MutexGuard<'_, Subscribers> {
        self.subscribers.lock().expect("no holder of this lock panics")
    }
}
