//! The last few hints of a room or of the whole house. A reader that is too far behind misses some, as hints may be.

use std::collections::VecDeque;

use super::Frame;

/// Hints kept for readers that have not got to them yet.
const KEPT_HINTS: usize = 16;

/// See the module.
#[derive(Default)]
pub(super) struct Hints {
    /// The number of the next hint; the first was 0.
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

    /// Where a reader that wants nothing old starts.
    pub(super) const fn next(&self) -> u64 {
        self.next
    }

    /// What came since `seen`, which is moved on.
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
    fn a_reader_gets_each_hint_once_and_misses_those_it_is_too_late_for() {
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
