//! The rule of order: a reader of a room applies seqs that rise by one. The room's log and the benchmark's receivers use
//! it.

use hubbub_protocol::Seq;

/// The place up to which a log has been applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogOrder {
    last: Seq,
}

/// Where a seq stands in the order of a log, for a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeqOrder {
    /// The next one. It counts as applied.
    Next,
    /// It was applied before.
    Repeated,
    /// Events before it are missing. Nothing was applied.
    Missing {
        /// The first seq that is missing.
        from: Seq,
    },
}

impl LogOrder {
    /// Returns a reader that has applied everything up to `after`, or nothing if it is 0.
    #[must_use]
    pub const fn new(after: Seq) -> Self {
        Self { last: after }
    }

    /// Applies a seq if it is the next one.
    pub fn apply(&mut self, seq: Seq) -> SeqOrder {
        let next = self.last.next();
        if seq < next {
            SeqOrder::Repeated
        } else if seq == next {
            self.last = seq;
            SeqOrder::Next
        } else {
            SeqOrder::Missing { from: next }
        }
    }

    /// Returns the last seq that was applied, or 0.
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
        assert_eq!(order.apply(Seq(4)), SeqOrder::Repeated);
        assert_eq!(order.apply(Seq(6)), SeqOrder::Missing { from: Seq(5) });
        assert_eq!(order.last(), Seq(4));
        assert_eq!(order.apply(Seq(5)), SeqOrder::Next);
        assert_eq!(order.apply(Seq(6)), SeqOrder::Next);
        assert_eq!(order.last(), Seq(6));
    }
}
