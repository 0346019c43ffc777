//! The one rule of order: an observer of a room sees seqs that rise by one. The room's log and the benchmark's
//! receivers apply it; it knows nothing of what the events say.

use hubbub_protocol::Seq;

/// How far a log has been applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogOrder {
    last: Seq,
}

/// What a seq is to an observer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The one that comes next; it counts as applied.
    Next,
    /// It was applied before.
    Repeated,
    /// Others come before it, starting with `from`; nothing was applied.
    Missing {
        /// The first seq that is missing.
        from: Seq,
    },
}

impl LogOrder {
    /// An observer that has applied everything up to `after`; 0 for none.
    #[must_use]
    pub const fn new(after: Seq) -> Self {
        Self { last: after }
    }

    /// Applies a seq if it comes next.
    pub fn apply(&mut self, seq: Seq) -> Step {
        let next = self.last.next();
        if seq < next {
            Step::Repeated
        } else if seq == next {
            self.last = seq;
            Step::Next
        } else {
            Step::Missing { from: next }
        }
    }

    /// The last seq applied; 0 when none was.
    #[must_use]
    pub const fn last(&self) -> Seq {
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_next_seq_is_applied() {
        let mut order = LogOrder::new(Seq(4));
        assert_eq!(order.apply(Seq(4)), Step::Repeated);
        assert_eq!(order.apply(Seq(6)), Step::Missing { from: Seq(5) });
        assert_eq!(order.last(), Seq(4));
        assert_eq!(order.apply(Seq(5)), Step::Next);
        assert_eq!(order.apply(Seq(6)), Step::Next);
        assert_eq!(order.last(), Seq(6));
    }
}
