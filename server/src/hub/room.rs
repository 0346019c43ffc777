//! A room with at least one reader here: its recent log, its hints, who is in it, and how they are reached.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use hubbub_protocol::{Event, Member, RoomId, Seq};
use tokio::task::yield_now;
use tokio::time::sleep_until;

use super::Frame;
use super::hints::Hints;
use super::pace::{self, Pace};
use super::presence::{Presence, Present};
use super::recent::{Found, Recent};
use super::round::Round;
use super::seat::Seat;
use super::ticker::{Ticker, Turn};

/// Presence is told at most this often, so that a thousand people arriving cost a thousandth of a thousand lists.
const BETWEEN_PRESENCE: Duration = Duration::from_secs(1);

/// Readers that are reached before others get a turn.
const REACHED_AT_ONCE: usize = 64;

/// See the module.
pub(super) struct Room {
    id: RoomId,
    state: Mutex<State>,
    /// Apart from `state`, so that who comes and goes doesn't wait for who reads.
    seats: Mutex<Seats>,
}

#[derive(Default)]
struct Seats {
    /// By the number its reader was given.
    all: BTreeMap<u64, Arc<Seat>>,
    round: Round,
}

struct State {
    recent: Recent,
    hints: Hints,
    presence: Presence,
    ticker: Ticker,
    presence_told: Pace,
}

/// How far a reader of this room has got.
pub(super) struct Place {
    pub(super) cursor: Seq,
    tick_taken: u64,
    hints_seen: u64,
    presence_seen: u64,
}

impl Room {
    pub(super) fn new(id: RoomId) -> Arc<Self> {
        let state = State {
            recent: Recent::new(id),
            hints: Hints::default(),
            presence: Presence::default(),
            ticker: Ticker::default(),
            presence_told: Pace::default(),
        };
        Arc::new(Self { id, state: Mutex::new(state), seats: Mutex::default() })
    }

    /// A reader comes. From now on nothing that is published passes it by.
    pub(super) fn enter(self: &Arc<Self>, reader: u64, seat: &Arc<Seat>, member: &Member) -> Place {
        self.seats().all.insert(reader, Arc::clone(seat));
        let mut state = self.state();
        let is_new = state.presence.enter(member);
        let place = Place {
            cursor: Seq(0),
            tick_taken: state.ticker.number(),
            hints_seen: state.hints.next(),
            presence_seen: 0,
        };
        drop(state);
        if is_new {
            self.presence_changed();
        }
        place
    }

    /// A reader goes. True if it was the last.
    pub(super) fn leave(self: &Arc<Self>, reader: u64, member: &Member) -> bool {
        let is_last = {
            let mut seats = self.seats();
            seats.all.remove(&reader);
            seats.all.is_empty()
        };
        if self.state().presence.leave(member.id) && !is_last {
            self.presence_changed();
        }
        is_last
    }

    pub(super) fn publish(self: &Arc<Self>, events: &[Event]) {
        self.tell(|state| state.recent.publish(events));
    }

    pub(super) fn hint(self: &Arc<Self>, frame: Frame) {
        self.tell(|state| state.hints.push(frame));
    }

    /// Adds what a reader is behind to `frames`: its log first, then what are only hints. When enough readers have done
    /// so, the room ticks again.
    pub(super) fn take(self: &Arc<Self>, place: &mut Place, frames: &mut Vec<Frame>, max_bytes: usize) -> Found {
        let found = self.read(place, frames, max_bytes);
        self.tick_if_due();
        found
    }

    /// The same for a reader that is reached by [`Room::go_round`], which looks after the ticks itself.
    pub(super) fn read(&self, place: &mut Place, frames: &mut Vec<Frame>, max_bytes: usize) -> Found {
        let mut state = self.state();
        let found = state.recent.read(&mut place.cursor, frames, max_bytes);
        frames.extend(state.hints.since(&mut place.hints_seen).cloned());
        frames.extend(state.presence.since(&mut place.presence_seen).cloned());
        state.ticker.taken(&mut place.tick_taken);
        found
    }

    pub(super) fn present(&self) -> Present {
        self.state().presence.now()
    }

    /// Something is there to be read from the next tick on.
    fn tell(self: &Arc<Self>, change: impl FnOnce(&mut State)) {
        let mut state = self.state();
        change(&mut state);
        state.ticker.want();
        drop(state);
        self.tick_if_due();
    }

    fn tick_if_due(self: &Arc<Self>) {
        let turn = self.state().ticker.plan();
        match turn {
            Turn::Rest => {}
            Turn::Now => self.tick(),
            Turn::At(when) => {
                let room = Arc::clone(self);
                tokio::spawn(async move {
                    sleep_until(when).await;
                    room.state().ticker.woken();
                    room.tick_if_due();
                });
            }
        }
    }

    /// Makes what has gathered readable, and sees to it that everyone gets it.
    fn tick(self: &Arc<Self>) {
        let n_readers = self.seats().all.len();
        {
            let mut state = self.state();
            state.ticker.ticked(n_readers);
            state.recent.tick();
        }
        // Only now: whoever is reached from here on finds what has become readable.
        if self.seats().round.begin() {
            tokio::spawn(Arc::clone(self).go_round());
        }
    }

    /// Hands every reader what it is behind, until everyone has it. Some at a time, so that a large room holds up neither
    /// those who come and go nor other rooms.
    async fn go_round(self: Arc<Self>) {
        let mut frames = Vec::new();
        let mut reached = Vec::with_capacity(REACHED_AT_ONCE);
        loop {
            {
                let Seats { all, round } = &mut *self.seats();
                round.advance(all, REACHED_AT_ONCE, &mut reached);
            }
            if reached.is_empty() {
                return;
            }
            for seat in reached.drain(..) {
                seat.serve(&self, self.id, &mut frames);
            }
            self.tick_if_due();
            // Commits run on a thread of their own, which on a machine of one core has to wait for this one.
            std::thread::yield_now();
            yield_now().await;
        }
    }

    fn presence_changed(self: &Arc<Self>) {
        let turn = self.state().presence_told.ask(BETWEEN_PRESENCE);
        match turn {
            pace::Turn::Now => self.tell_presence(),
            pace::Turn::At(when) => {
                let room = Arc::clone(self);
                tokio::spawn(async move {
                    sleep_until(when).await;
                    room.tell_presence();
                });
            }
            pace::Turn::Waiting => {}
        }
    }

    fn tell_presence(self: &Arc<Self>) {
        self.tell(|state| {
            state.presence_told.taken();
            state.presence.tell(self.id);
        });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder of this lock panics")
    }

    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().expect("no holder of this lock panics")
    }
}
