//! The hub: the rooms that connections of this node follow, and the loop that passes the bus's notices to them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use hubbub_protocol::{Member, RoomId, ServerFrame};

use super::connections::Connections;
use super::hints::Hints;
use super::presence::Present;
use super::room::Room;
use super::subscriber::{Position, Subscriber};
use super::{Caps, Frame};
use crate::bus::{Bus, Notice};
use crate::store::Store;

/// The connections of this node and the rooms that they follow. A room exists here while it has subscribers.
pub struct Hub {
    pub(super) store: Arc<dyn Store>,
    /// The connections of this node.
    pub connections: Arc<Connections>,
    rooms: Mutex<HashMap<RoomId, Arc<Room>>>,
    /// Hints for every connection, independent of the rooms that it follows.
    global_hints: Mutex<Hints>,
    /// The number of the next global hint. It can be read without the lock.
    next_global_hint: AtomicU64,
}

impl Hub {
    /// Creates a hub that reads missed changes from `store`.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, caps: Caps) -> Arc<Self> {
        Arc::new(Self {
            store,
            connections: Connections::new(caps),
            rooms: Mutex::default(),
            global_hints: Mutex::default(),
            next_global_hint: AtomicU64::new(0),
        })
    }

    /// Passes notices to the rooms until the bus is closed.
    pub async fn listen(&self, bus: &dyn Bus) {
        while let Some(notice) = bus.next().await {
            match notice {
                Notice::Committed { room, changes } => self.with_room(room, |room| room.publish(changes)),
                Notice::Typing { room, by } => {
                    self.with_room(room, |live| live.hint(Frame::from(&ServerFrame::Typing { room, by })));
                }
                Notice::RoomChanged(room) => self.hint_to_all(&ServerFrame::RoomAdded { room }),
            }
        }
    }

    /// Returns who is in a room, as far as this node knows.
    #[must_use]
    pub fn present(&self, room: RoomId) -> Present {
        self.rooms().get(&room).map(|room| room.present()).unwrap_or_default()
    }

    pub(super) fn enter(
        &self,
        id: RoomId,
        connection: u64,
        subscriber: &Arc<Subscriber>,
        member: &Member,
    ) -> (Arc<Room>, Position) {
        let mut rooms = self.rooms();
        let room = Arc::clone(rooms.entry(id).or_insert_with(|| Room::new(id)));
        // Under the map's lock, so that the room isn't removed between the two steps.
        let position = room.enter(connection, subscriber, member);
        (room, position)
    }

    pub(super) fn leave(&self, id: RoomId, connection: u64, member: &Member) {
        let mut rooms = self.rooms();
        if rooms.get(&id).is_some_and(|room| room.leave(connection, member)) {
            rooms.remove(&id);
        }
    }

    pub(super) fn next_global_hint(&self) -> u64 {
        self.next_global_hint.load(Ordering::Acquire)
    }

    /// Adds the global hints since `seen` to `frames`, and moves `seen` on.
    pub(super) fn read_global_hints(&self, seen: &mut u64, frames: &mut Vec<Frame>) {
        if self.next_global_hint() != *seen {
            frames.extend(self.global_hints().since(seen).cloned());
        }
    }

    fn with_room(&self, id: RoomId, act: impl FnOnce(&Arc<Room>)) {
        let room = self.rooms().get(&id).cloned();
        if let Some(room) = room {
            act(&room);
        }
    }

    fn hint_to_all(&self, frame: &ServerFrame) {
        {
            let mut hints = self.global_hints();
            hints.push(Frame::from(frame));
            self.next_global_hint.store(hints.next(), Ordering::Release);
        }
        self.connections.notify_all();
    }

    fn rooms(&self) -> MutexGuard<'_, HashMap<RoomId, Arc<Room>>> {
        self.rooms.lock().expect("no holder of this lock panics")
    }

    fn global_hints(&self) -> MutexGuard<'_, Hints> {
        self.global_hints.lock().expect("no holder of this lock panics")
    }
}
