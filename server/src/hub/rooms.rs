//! The hub itself: the rooms that have a reader here, and the loop that carries the bus's notices to them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use hubbub_protocol::{Member, RoomId, ServerFrame};

use super::connections::Connections;
use super::hints::Hints;
use super::presence::Present;
use super::room::{Place, Room};
use super::seat::Seat;
use super::{Admission, Caps, Feed, Frame};
use crate::bus::{Bus, Notice};
use crate::store::Store;

/// See the module. A room lives here from its first reader to its last.
pub struct Hub {
    pub(super) store: Arc<dyn Store>,
    /// Everyone who is connected here.
    pub connections: Arc<Connections>,
    rooms: Mutex<HashMap<RoomId, Arc<Room>>>,
    /// Hints for everyone, whatever room they are in.
    house: Mutex<Hints>,
    /// The same number as the house's next hint, so that a reader looks without a lock.
    house_next: AtomicU64,
}

impl Hub {
    /// A hub that reads what it has missed from `store`.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, caps: Caps) -> Arc<Self> {
        Arc::new(Self {
            store,
            connections: Connections::new(caps),
            rooms: Mutex::default(),
            house: Mutex::default(),
            house_next: AtomicU64::new(0),
        })
    }

    /// Carries notices to the rooms until the bus is closed.
    pub async fn listen(&self, bus: &dyn Bus) {
        while let Some(notice) = bus.next().await {
            match notice {
                Notice::Committed { room, events } => self.with_room(room, |room| room.publish(&events)),
                Notice::Typing { room, by } => {
                    self.with_room(room, |live| live.hint(Frame::from(&ServerFrame::Typing { room, by })));
                }
                Notice::RoomAdded(room) => self.tell_everyone(&ServerFrame::RoomAdded { room }),
            }
        }
    }

    /// A feed for a connection that was admitted.
    #[must_use]
    pub fn feed(self: &Arc<Self>, admission: Admission) -> Feed {
        Feed::new(Arc::clone(self), admission)
    }

    /// Who is in a room here.
    #[must_use]
    pub fn present(&self, room: RoomId) -> Present {
        self.rooms().get(&room).map(|room| room.present()).unwrap_or_default()
    }

    pub(super) fn enter(&self, id: RoomId, reader: u64, seat: &Arc<Seat>, member: &Member) -> (Arc<Room>, Place) {
        let mut rooms = self.rooms();
        let room = Arc::clone(rooms.entry(id).or_insert_with(|| Room::new(id)));
        // Under the map's lock, so that the room isn't taken off it between the two steps.
        let place = room.enter(reader, seat, member);
        (room, place)
    }

    pub(super) fn leave(&self, id: RoomId, reader: u64, member: &Member) {
        let mut rooms = self.rooms();
        if rooms.get(&id).is_some_and(|room| room.leave(reader, member)) {
            rooms.remove(&id);
        }
    }

    pub(super) fn house_next(&self) -> u64 {
        self.house_next.load(Ordering::Acquire)
    }

    /// Adds the hints for everyone that a reader hasn't seen to `frames`.
    pub(super) fn read_house(&self, seen: &mut u64, frames: &mut Vec<Frame>) {
        if self.house_next() != *seen {
            frames.extend(self.house().since(seen).cloned());
        }
    }

    fn with_room(&self, id: RoomId, act: impl FnOnce(&Arc<Room>)) {
        let room = self.rooms().get(&id).cloned();
        if let Some(room) = room {
            act(&room);
        }
    }

    fn tell_everyone(&self, frame: &ServerFrame) {
        {
            let mut house = self.house();
            house.push(Frame::from(frame));
            self.house_next.store(house.next(), Ordering::Release);
        }
        self.connections.ring_all();
    }

    fn rooms(&self) -> MutexGuard<'_, HashMap<RoomId, Arc<Room>>> {
        self.rooms.lock().expect("no holder of this lock panics")
    }

    fn house(&self) -> MutexGuard<'_, Hints> {
        self.house.lock().expect("no holder of this lock panics")
    }
}
