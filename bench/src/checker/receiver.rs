//! How far one receiver is in the log. The crowd has one for each connection, and reads its faults at the end.

use std::collections::HashSet;

use hubbub_client::{LogOrder, SeqOrder};
use hubbub_protocol::Seq;

use super::Fault;

/// The place of one receiver in the log.
pub(crate) struct Receiver {
    name: usize,
    order: LogOrder,
    /// Every seq since the first event that was out of order. A gap that is filled later is a swap, and a gap that is never
    /// filled is a loss.
    out_of_order: Option<Vec<Seq>>,
}

impl Receiver {
    /// A receiver that has everything up to `after`.
    pub(crate) fn new(name: usize, after: Seq) -> Self {
        Self { name, order: LogOrder::new(after), out_of_order: None }
    }

    pub(crate) fn name(&self) -> usize {
        self.name
    }

    /// The last event that it has with all before it.
    pub(crate) fn last(&self) -> Seq {
        self.order.last()
    }

    /// Takes one event, in order or not.
    pub(crate) fn take(&mut self, seq: Seq) {
        if let Some(out_of_order) = &mut self.out_of_order {
            out_of_order.push(seq);
        } else if !matches!(self.order.apply(seq), SeqOrder::Next) {
            self.out_of_order = Some(vec![seq]);
        }
    }

    /// Returns the faults of this receiver, given that the log ends at `head`.
    pub(crate) fn faults(&self, head: Seq) -> Vec<Fault> {
        let receiver = self.name;
        let mut faults = Vec::new();
        let mut seen = HashSet::new();
        let mut highest = self.last();
        for &seq in self.out_of_order.iter().flatten() {
            if seq <= self.last() || !seen.insert(seq) {
                faults.push(Fault::Doubled { receiver, seq });
            } else if seq < highest {
                faults.push(Fault::Swapped { receiver, seq });
            }
            highest = highest.max(seq);
        }
        let missing = (self.last().0 + 1..=head.0).map(Seq).filter(|seq| !seen.contains(seq));
        faults.extend(missing.map(|seq| Fault::Lost { receiver, seq }));
        faults
    }
}
