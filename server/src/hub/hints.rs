//! The last few hints of a room, or of all rooms together. A connection that is too far behind misses some; hints may get
//! lost.

use std::collections::VecDeque;

use super::Frame;

/// Hints kept for connections that have not read them yet.
const KEPT_HINTS: usize = 16;

/// Encoded hints, numbered from 0.
#[derive(Default)]
pub(super) struct Hints {
    /// The number of the next hint.
    next: u64,
    kept: VecDeque<Frame>,
}

impl Hints {
    pub(super) fn push(&mut self, frame: Frame) {
        if self.kept.len() == KEPT_HINTS {
            self.kept.pop_front();
        }
        self.kept.push_back(frame);
        self.next += 1;
    }

    /// The number of the next hint: a new connection has seen all before it.
    pub(super) const fn next(&self) -> u64 {
        self.next
    }

    /// Returns the hints from number `seen` on, as far as they are kept, and moves `seen` on.
    pub(super) fn since(&self, seen: &mut u64) -> impl Iterator<Item = &Frame> {
        let n_missed = usize::try_from(self.next - *seen).unwrap_or(usize::MAX).min(self.kept.len());
        *seen = self.next;
        self.kept.iter().skip(self.kept.len() - n_missed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_gets_each_kept_hint_once_and_no_dropped_hint() {
        let mut hints = Hints::default();
        let mut seen = hints.next();
        for i in 0..40 {
            hints.push(Frame::from(i.to_string()));
        }
        let got: Vec<_> = hints.since(&mut seen).map(|frame| frame.as_text().to_vec()).collect();
        assert_eq!(got.len(), KEPT_HINTS);
        assert_eq!(got[KEPT_HINTS - 1], b"39");
        assert_eq!(hints.since(&mut seen).count(), 0);
    }
}
