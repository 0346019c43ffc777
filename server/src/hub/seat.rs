//! A connection's seat among the readers: a bell to wake it by, and a place to leave its way out while it waits. A room
//! that has something for a waiting reader writes it there and then; waking a task for each of a thousand readers costs
//! as much again as writing to them.

use std::sync::{Arc, Mutex, MutexGuard};

use hubbub_protocol::RoomId;

use super::Frame;
use super::bell::Bell;
use super::feed::{AllFollowed, TAKE_BYTES};
use super::recent::Found;
use super::room::Room;

/// A connection's way out, lent to the hub while the connection waits.
pub trait Outlet: Send + Sync {
    /// Writes the frames, in this order and without waiting, and empties the list. What it can't write it keeps.
    fn write(&self, frames: &mut Vec<Frame>) -> Written;

    /// What it kept, to be written before anything else.
    fn take_unwritten(&self) -> Unwritten;
}

/// Whether all could be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It was.
    All,
    /// Some of it is kept: whoever owns the outlet must write the rest, or learn that there is no one to write to.
    Some,
}

/// Frames that are still to be written.
#[derive(Default)]
pub struct Unwritten {
    /// In this order.
    pub frames: Vec<Frame>,
    /// Bytes of the first of them that are written already.
    pub n_bytes_written: usize,
}

/// See the module.
#[derive(Default)]
pub(super) struct Seat {
    pub(super) bell: Bell,
    lent: Mutex<Option<Lent>>,
}

/// What a waiting reader has lent: its places in the rooms, and its way out.
pub(super) struct Lent {
    pub(super) followed: AllFollowed,
    pub(super) outlet: Arc<dyn Outlet>,
    /// Whether the outlet keeps something: it is given no more then, so that what it keeps is bounded by one gathering.
    pub(super) is_full: bool,
}

impl Seat {
    pub(super) fn lend(&self, lent: Lent) {
        *self.lent() = Some(lent);
    }

    /// Gives back what was lent. Nothing is written from then on.
    pub(super) fn reclaim(&self) -> Option<Lent> {
        self.lent().take()
    }

    /// Hands a waiting reader what a room has for it; wakes it where that isn't possible or not all. `frames` is empty
    /// before and after: a list to use, so that each reader needs none of its own.
    pub(super) fn serve(&self, room: &Room, id: RoomId, frames: &mut Vec<Frame>) {
        if self.bell.closing().is_some() {
            // It has been rung for that.
            return;
        }
        let written = self.lent().as_mut().map(|lent| lent.hand_over(room, id, frames));
        if written != Some(Written::All) {
            self.bell.ring();
        }
    }

    fn lent(&self) -> MutexGuard<'_, Option<Lent>> {
        self.lent.lock().expect("no holder of this lock panics")
    }
}

impl Lent {
    fn hand_over(&mut self, room: &Room, id: RoomId, frames: &mut Vec<Frame>) -> Written {
        if self.is_full {
            return Written::Some;
        }
        let Some(followed) = self.followed.iter_mut().find(|followed| followed.id == id) else { return Written::Some };
        let found = room.read(&mut followed.place, frames, TAKE_BYTES);
        let written = if frames.is_empty() { Written::All } else { self.outlet.write(frames) };
        self.is_full = written == Written::Some;
        if found == Found::All { written } else { Written::Some }
    }
}
