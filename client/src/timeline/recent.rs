//! The changes since the open queries were asked. A page may have been read before a change that the client has applied
//! already; then the change is applied to the page's messages too.

use hubbub_protocol::{Change, Seq};

/// The largest number of changes that are kept. Beyond it they are dropped, and a page from before them is asked for again.
const MAX_KEPT: usize = 1_000;

/// Every change after `from`, up to the cursor.
#[derive(Debug, Default)]
pub(crate) struct RecentChanges {
    from: Seq,
    changes: Vec<Change>,
}

impl RecentChanges {
    /// Forgets the changes: only a page of `cursor` or later is complete.
    pub(crate) fn start_at(&mut self, cursor: Seq) {
        self.from = cursor;
        self.changes.clear();
    }

    /// Keeps a change that the caller has applied. The cursor is at it now.
    pub(crate) fn push(&mut self, change: Change) {
        if self.changes.len() >= MAX_KEPT {
            self.start_at(change.seq);
        } else {
            self.changes.push(change);
        }
    }

    /// Returns the changes after a seq, or None if some of them are not kept.
    pub(crate) fn since(&self, seq: Seq) -> Option<&[Change]> {
        let from = self.changes.partition_point(|change| change.seq <= seq);
        (seq >= self.from).then(|| &self.changes[from..])
    }
}
