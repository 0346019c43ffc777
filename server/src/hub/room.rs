//! A room with at least one reader here: its recent log, its hints, who is in it, and the bells to ring.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use hubbub_protocol::{Event, Member, RoomId, Seq};
use tokio::time::sleep_until;

use super::Frame;
use super::bell::Bell;
use super::hints::Hints;
use super::pace::{self, Pace};
use super::presence::{Presence, Present};
use super::recent::{Found, Recent};
use super::ticker::{Ticker, Turn};

/// Presence is told at most this often, so that a thousand people arriving cost a thousandth of a thousand lists.
const BETWEEN_PRESENCE: Duration = Duration::from_secs(1);

/// See the module.
pub(super) struct Room {
    id: RoomId,
    state: Mutex<State>,
    /// By the number its reader was given. Apart from `state`, so that woken readers don't wait for the ringing.
    bells: Mutex<BTreeMap<u64, Arc<Bell>>>,
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
        Arc::new(Self { id, state: Mutex::new(state), bells: Mutex::default() })
    }

    /// A reader comes. From now on nothing that is published passes it by.
    pub(super) fn enter(self: &Arc<Self>, reader: u64, bell: &Arc<Bell>, member: &Member) -> Place {
        self.bells().insert(reader, Arc::clone(bell));
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
            let mut bells = self.bells();
            bells.remove(&reader);
            bells.is_empty()
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

    /// Adds what a reader is behind to `frames`: its log first, then what are only hints.
    pub(super) fn read(self: &Arc<Self>, place: &mut Place, frames: &mut Vec<Frame>, max_bytes: usize) -> Found {
        let mut state = self.state();
        let found = state.recent.read(&mut place.cursor, frames, max_bytes);
        frames.extend(state.hints.since(&mut place.hints_seen).cloned());
        frames.extend(state.presence.since(&mut place.presence_seen).cloned());
        let turn = state.ticker.taken(&mut place.tick_taken);
        drop(state);
        self.take(turn);
        found
    }

    pub(super) fn present(&self) -> Present {
        self.state().presence.now()
    }

    /// Something is there to be read from the next tick on.
    fn tell(self: &Arc<Self>, change: impl FnOnce(&mut State)) {
        let mut state = self.state();
        change(&mut state);
        let turn = state.ticker.want();
        drop(state);
        self.take(turn);
    }

    fn take(self: &Arc<Self>, turn: Turn) {
        match turn {
            Turn::Rest => {}
            Turn::Now => self.tick_and_ring(),
            Turn::At(when) => {
                let room = Arc::clone(self);
                tokio::spawn(async move {
                    sleep_until(when).await;
                    let turn = room.state().ticker.woken();
                    room.take(turn);
                });
            }
        }
    }

    fn tick_and_ring(&self) {
        let bells = self.bells();
        {
            let mut state = self.state();
            state.ticker.ticked(bells.len());
            state.recent.tick();
        }
        for bell in bells.values() {
            bell.ring();
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

    fn bells(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Bell>>> {
        self.bells.lock().expect("no holder of this lock panics")
    }
}
