//! The encoded tail of one room's stream. The changes that are published gather until the next tick. The tick encodes
//! them as one frame, which all readers share.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use hubbub_protocol::{Change, RoomId, Seq, What};

use super::Frame;
use super::changes_frame::{ChangesFrame, TooLarge, pack, put_text};

/// Bytes of frames that are kept for readers that are behind. Beyond it the oldest frames are dropped; a reader that needs
/// one reads the store.
const KEPT_BYTES: usize = 1024 * 1024;

/// The frames of the last ticks, and the changes that wait for the next tick.
pub(super) struct Recent {
    room: RoomId,
    ticks: VecDeque<ChangesFrame>,
    kept_bytes: usize,
    /// Not yet in a tick. They follow on each other.
    pending: Vec<Change>,
    /// The last seq in a tick or pending; None until a change was published.
    published: Option<Seq>,
    /// The last seq in a tick.
    head: Option<Seq>,
}

/// What a reader at some cursor finds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The reader is up to date, after the frames that it was given.
    All,
    /// There is more than the reader was given.
    More,
    /// The next change is no longer here: the reader must read the store.
    TooOld,
}

impl Recent {
    pub(super) const fn new(room: RoomId) -> Self {
        Self { room, ticks: VecDeque::new(), kept_bytes: 0, pending: Vec::new(), published: None, head: None }
    }

    /// Takes the changes of a commit. Changes that were published before are dropped. A missing seq means that a notice was
    /// lost; readers that need the missing changes find them in the store.
    pub(super) fn publish(&mut self, changes: Vec<Change>) {
        for change in changes {
            match self.published {
                Some(published) if change.seq <= published => continue,
                Some(published) if change.seq != published.next() => self.forget(),
                _ => {}
            }
            self.published = Some(change.seq);
            self.replace_text(&change);
            self.pending.push(change);
        }
    }

    /// Makes the pending changes readable.
    pub(super) fn tick(&mut self) {
        for frame in pack(self.room, &std::mem::take(&mut self.pending)) {
            self.keep(frame);
        }
    }

    /// Adds the frames after `cursor` to `frames`, moving the cursor, until about `max_bytes` are there.
    pub(super) fn read(&self, cursor: &mut Seq, frames: &mut Vec<Frame>, max_bytes: usize) -> Found {
        if self.head.is_none_or(|head| head <= *cursor) {
            return Found::All;
        }
        let start = self.ticks.partition_point(|tick| tick.last <= *cursor);
        let mut n_bytes = 0;
        for tick in self.ticks.range(start..) {
            if tick.first != cursor.next() {
                return Found::TooOld;
            }
            if n_bytes >= max_bytes {
                return Found::More;
            }
            n_bytes += tick.n_bytes();
            frames.push(tick.frame.clone());
            *cursor = tick.last;
        }
        Found::All
    }

    /// Puts the new text of an edited or deleted message in the place of its earlier texts, with the same seqs: a reader
    /// that is behind never gets outdated or erased text. Frames that would become too large are dropped, with all before
    /// them.
    fn replace_text(&mut self, change: &Change) {
        let body = match &change.what {
            What::Edited { body } => body.as_str(),
            What::Deleted => "",
            What::Posted { .. }
            | What::Reacted { .. }
            | What::Pinned { .. }
            | What::Described { .. }
            | What::Unknown => return,
        };
        let Some(message) = change.message() else { return };
        for pending in self.pending.iter_mut().filter(|pending| pending.message() == Some(message)) {
            put_text(pending, body);
        }
        for i in (0..self.ticks.len()).rev() {
            let n_bytes_before = self.ticks[i].n_bytes();
            if let Err(TooLarge) = self.ticks[i].replace_text(message, body) {
                // Readers that need one of these frames read the store instead.
                self.drop_oldest(i + 1);
                return;
            }
            self.kept_bytes = self.kept_bytes - n_bytes_before + self.ticks[i].n_bytes();
        }
    }

    fn keep(&mut self, tick: ChangesFrame) {
        self.head = Some(tick.last);
        self.kept_bytes += tick.n_bytes();
        self.ticks.push_back(tick);
        while self.kept_bytes > KEPT_BYTES {
            self.drop_oldest(1);
        }
    }

    fn drop_oldest(&mut self, n_ticks: usize) {
        self.kept_bytes -= self.ticks.drain(..n_ticks).map(|tick| tick.n_bytes()).sum::<usize>();
    }

    fn forget(&mut self) {
        self.ticks.clear();
        self.kept_bytes = 0;
        self.pending.clear();
    }
}
