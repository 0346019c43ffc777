//! A connection as its rooms see it: a notifier that wakes its task, and the writer that the connection lends while it
//! waits. A room writes to a waiting connection directly, because waking a task for each of a thousand connections costs
//! as much again as writing to them. Knows no room.

use std::sync::{Arc, Mutex, MutexGuard};

use hubbub_protocol::{RoomId, Seq};
use smallvec::SmallVec;

use super::Frame;
use super::notifier::Notifier;
use super::recent::Found;

/// Writes frames to a connection. A connection lends its writer to the hub while the connection waits.
pub trait FrameWriter: Send + Sync {
    /// Writes the frames in order and without waiting, and empties the list. Keeps the frames that can't be written now.
    fn write(&self, frames: &mut Vec<Frame>) -> Written;

    /// Returns the frames that were kept. They must be written before any other.
    fn take_unwritten(&self) -> Unwritten;
}

/// How much [`FrameWriter::write`] wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// Every frame was written.
    All,
    /// Some frames are kept. The connection must write them, or notice that its peer is disconnected.
    Some,
}

/// Frames that are still to be written.
#[derive(Default)]
pub struct Unwritten {
    /// Oldest first.
    pub frames: Vec<Frame>,
    /// Bytes of the first frame that are written already.
    pub n_bytes_written: usize,
}

/// How far a connection has read one room.
pub(super) struct Position {
    pub(super) room: RoomId,
    /// The last change that was sent.
    pub(super) cursor: Seq,
    pub(super) tick_taken: u64,
    pub(super) hints_seen: u64,
    pub(super) presence_seen: u64,
}

/// Most connections follow one room; its position is then stored in place.
pub(super) type Positions = SmallVec<[Position; 1]>;

/// One connection among the subscribers of its rooms.
#[derive(Default)]
pub(super) struct Subscriber {
    pub(super) notifier: Notifier,
    loan: Mutex<Option<Loan>>,
}

/// The cursors and the writer that a waiting connection lends to the hub.
pub(super) struct Loan {
    pub(super) positions: Positions,
    pub(super) writer: Arc<dyn FrameWriter>,
    /// Whether the writer keeps frames. The hub writes nothing more to it then, so that it keeps the frames of one delivery at most.
    pub(super) is_full: bool,
}

impl Subscriber {
    pub(super) fn lend(&self, loan: Loan) {
        *self.loan() = Some(loan);
    }

    /// Ends the loan and returns it. The hub writes nothing to the connection from then on.
    pub(super) fn reclaim(&self) -> Option<Loan> {
        self.loan().take()
    }

    /// Writes what `read` adds to the list of frames for the position in a room. Notifies the connection if it isn't
    /// waiting, if not all was read or written, or if it doesn't follow the room.
    ///
    /// `frames` is empty before and after; it is an argument so that each delivery needs no list of its own.
    pub(super) fn deliver(
        &self,
        room: RoomId,
        frames: &mut Vec<Frame>,
        read: impl FnOnce(&mut Position, &mut Vec<Frame>) -> Found,
    ) {
        if self.notifier.closing().is_some() {
            // The connection was notified when it was closed.
            return;
        }
        let written = self.loan().as_mut().map(|loan| loan.deliver(room, frames, read));
        if written != Some(Written::All) {
            self.notifier.notify();
        }
    }

    fn loan(&self) -> MutexGuard<'_, Option<Loan>> {
        self.loan.lock().expect("no holder of this lock panics")
    }
}

impl Loan {
    fn deliver(
        &mut self,
        room: RoomId,
        frames: &mut Vec<Frame>,
        read: impl FnOnce(&mut Position, &mut Vec<Frame>) -> Found,
    ) -> Written {
        if self.is_full {
            return Written::Some;
        }
        let Some(position) = self.positions.iter_mut().find(|position| position.room == room) else {
            return Written::Some;
        };
        let found = read(position, frames);
        let written = if frames.is_empty() { Written::All } else { self.writer.write(frames) };
        self.is_full = written == Written::Some;
        if found == Found::All { written } else { Written::Some }
    }
}
