//! A room with at least one reader here: its recent log, its hints, who is in it, and the bells to ring.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use hubbub_protocol::{Event, Member, RoomId, Seq};
use tokio::time::sleep_until;

use super::Frame;
use super::bell::Bell;
use super::hints::Hints;
use super::pace::{Pace, Turn};
use super::presence::{Presence, Present};
use super::recent::{Found, Recent};

/// Two ticks of one room are at least this far apart: a lone message leaves at once, and in a busy room what gathers
/// meanwhile shares one write a reader. 2 ms are less than a frame of any screen.
const BETWEEN_TICKS: Duration = Duration::from_millis(2);
/// And further apart where a tick has many readers to reach, so that one is nearly through before the next begins:
/// `make bench` shows a write to cost some microseconds, whoever makes it.
const BETWEEN_TICKS_PER_READER: Duration = Duration::from_micros(6);
/// But never so far that a reader would notice.
const BETWEEN_TICKS_AT_MOST: Duration = Duration::from_millis(20);
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
    tick: Pace,
    presence_told: Pace,
}

/// How far a reader of this room has got.
pub(super) struct Place {
    pub(super) cursor: Seq,
    hints_seen: u64,
    presence_seen: u64,
}

impl Room {
    pub(super) fn new(id: RoomId) -> Arc<Self> {
        let state = State {
            recent: Recent::new(id),
            hints: Hints::default(),
            presence: Presence::default(),
            tick: Pace::default(),
            presence_told: Pace::default(),
        };
        Arc::new(Self { id, state: Mutex::new(state), bells: Mutex::default() })
    }

    /// A reader comes. From now on nothing that is published passes it by.
    pub(super) fn enter(self: &Arc<Self>, reader: u64, bell: &Arc<Bell>, member: &Member) -> Place {
        self.bells().insert(reader, Arc::clone(bell));
        let mut state = self.state();
        let is_new = state.presence.enter(member);
        let place = Place { cursor: Seq(0), hints_seen: state.hints.next(), presence_seen: 0 };
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
        self.state().recent.publish(events);
        self.ring_soon();
    }

    pub(super) fn hint(self: &Arc<Self>, frame: Frame) {
        self.state().hints.push(frame);
        self.ring_soon();
    }

    /// Adds what a reader is behind to `frames`: its log first, then what are only hints.
    pub(super) fn read(&self, place: &mut Place, frames: &mut Vec<Frame>, max_bytes: usize) -> Found {
        let state = self.state();
        let found = state.recent.read(&mut place.cursor, frames, max_bytes);
        frames.extend(state.hints.since(&mut place.hints_seen).cloned());
        frames.extend(state.presence.since(&mut place.presence_seen).cloned());
        found
    }

    pub(super) fn present(&self) -> Present {
        self.state().presence.now()
    }

    /// Ticks now, or when the last tick is long enough ago.
    fn ring_soon(self: &Arc<Self>) {
        let between = self.between_ticks();
        let turn = self.state().tick.ask(between);
        match turn {
            Turn::Now => self.tick_and_ring(),
            Turn::At(when) => {
                let room = Arc::clone(self);
                tokio::spawn(async move {
                    sleep_until(when).await;
                    room.tick_and_ring();
                });
            }
            Turn::Waiting => {}
        }
    }

    fn between_ticks(&self) -> Duration {
        let n_readers = u32::try_from(self.bells().len()).unwrap_or(u32::MAX);
        BETWEEN_TICKS_PER_READER.saturating_mul(n_readers).clamp(BETWEEN_TICKS, BETWEEN_TICKS_AT_MOST)
    }

    fn tick_and_ring(&self) {
        {
            let mut state = self.state();
            state.tick.taken();
            state.recent.tick();
        }
        for bell in self.bells().values() {
            bell.ring();
        }
    }

    fn presence_changed(self: &Arc<Self>) {
        let turn = self.state().presence_told.ask(BETWEEN_PRESENCE);
        match turn {
            Turn::Now => self.tell_presence(),
            Turn::At(when) => {
                let room = Arc::clone(self);
                tokio::spawn(async move {
                    sleep_until(when).await;
                    room.tell_presence();
                });
            }
            Turn::Waiting => {}
        }
    }

    fn tell_presence(self: &Arc<Self>) {
        {
            let mut state = self.state();
            state.presence_told.taken();
            state.presence.tell(self.id);
        }
        self.ring_soon();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder of this lock panics")
    }

    fn bells(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Bell>>> {
        self.bells.lock().expect("no holder of this lock panics")
    }
}
