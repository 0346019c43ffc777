//! How far one receiver is in the log. The crowd keeps one per connection and asks it at the end.

use std::collections::HashSet;

use hubbub_client::{LogOrder, Step};
use hubbub_protocol::Seq;

use super::Fault;

/// One receiver's place in the log.
pub(crate) struct Receiver {
    name: usize,
    order: LogOrder,
    /// Once an event was out of turn: every seq since then, so that the end can say what it was. A hole that is
    /// filled later is a swap, one that isn't is a loss.
    strayed: Option<Vec<Seq>>,
}

impl Receiver {
    /// A receiver that has everything up to `after`.
    pub(crate) fn new(name: usize, after: Seq) -> Self {
        Self { name, order: LogOrder::new(after), strayed: None }
    }

    pub(crate) fn name(&self) -> usize {
        self.name
    }

    /// The last event that it has with all before it.
    pub(crate) fn last(&self) -> Seq {
        self.order.last()
    }

    /// Takes one event, whatever its place.
    pub(crate) fn take(&mut self, seq: Seq) {
        if let Some(strayed) = &mut self.strayed {
            strayed.push(seq);
        } else if !matches!(self.order.apply(seq), Step::Next) {
            self.strayed = Some(vec![seq]);
        }
    }

    /// What was wrong with what it took, given that the log ends at `head`.
    pub(crate) fn faults(&self, head: Seq) -> Vec<Fault> {
        let receiver = self.name;
        let mut faults = Vec::new();
        let mut seen = HashSet::new();
        let mut highest = self.last();
        for &seq in self.strayed.iter().flatten() {
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
