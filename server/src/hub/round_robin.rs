//! The order in which a room reaches its subscribers: round-robin by number, until each was reached since the last tick. A
//! tick on the way extends the round, and never begins a second one. So a subscriber waits for one round at most. Knows
//! neither rooms nor ticks.

use std::collections::BTreeMap;

/// The state of a round. Without a round it is idle.
#[derive(Default)]
pub(super) struct RoundRobin {
    phase: Phase,
    /// The number of the next subscriber. If that subscriber has left, the next higher number follows.
    next: u64,
    /// The number at which the round began: it ends before this one.
    start: u64,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    Idle,
    /// From the start to the last subscriber.
    ToLast,
    /// From the first subscriber to the start.
    FromFirst,
}

impl RoundRobin {
    /// Requires that every subscriber is reached from now on. True if the caller must run the round, because no other caller
    /// does.
    pub(super) fn begin(&mut self) -> bool {
        self.start = self.next;
        std::mem::replace(&mut self.phase, Phase::ToLast) == Phase::Idle
    }

    /// Adds the next `n` subscribers to `reached`, or fewer. If it adds none, every subscriber was reached, and the round
    /// is over.
    pub(super) fn advance<T: Clone>(&mut self, subscribers: &BTreeMap<u64, T>, n: usize, reached: &mut Vec<T>) {
        while reached.is_empty() && self.phase != Phase::Idle {
            let end = if self.phase == Phase::ToLast { u64::MAX } else { self.start };
            for (number, subscriber) in subscribers.range(self.next..end).take(n) {
                reached.push(subscriber.clone());
                self.next = number + 1;
            }
            if reached.is_empty() {
                self.end_phase();
            }
        }
    }

    fn end_phase(&mut self) {
        self.phase = match self.phase {
            Phase::ToLast => {
                self.next = 0;
                Phase::FromFirst
            }
            Phase::FromFirst | Phase::Idle => Phase::Idle,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subscribers(numbers: impl IntoIterator<Item = u64>) -> BTreeMap<u64, u64> {
        numbers.into_iter().map(|number| (number, number)).collect()
    }

    fn next(round: &mut RoundRobin, subscribers: &BTreeMap<u64, u64>) -> Vec<u64> {
        let mut reached = Vec::new();
        round.advance(subscribers, 2, &mut reached);
        reached
    }

    #[test]
    fn a_round_reaches_each_subscriber_once_and_then_ends() {
        let (mut round, subscribers) = (RoundRobin::default(), subscribers([3, 5, 8]));
        assert!(next(&mut round, &subscribers).is_empty(), "no round has begun");
        assert!(round.begin(), "the caller must run it");
        assert_eq!(next(&mut round, &subscribers), [3, 5]);
        assert_eq!(next(&mut round, &subscribers), [8]);
        assert!(next(&mut round, &subscribers).is_empty());
        assert!(round.begin(), "the first round has ended");
    }

    #[test]
    fn a_round_begun_during_another_continues_from_its_position_and_then_wraps_around() {
        let (mut round, subscribers) = (RoundRobin::default(), subscribers(1..=5));
        round.begin();
        assert_eq!(next(&mut round, &subscribers), [1, 2]);
        assert!(!round.begin(), "a round is running already");
        assert_eq!(next(&mut round, &subscribers), [3, 4]);
        assert_eq!(next(&mut round, &subscribers), [5]);
        assert_eq!(next(&mut round, &subscribers), [1, 2]);
        assert!(next(&mut round, &subscribers).is_empty());
    }

    #[test]
    fn a_round_reaches_every_subscriber_when_others_are_added_and_removed() {
        let (mut round, mut subscribers) = (RoundRobin::default(), subscribers(1..=4));
        round.begin();
        assert_eq!(next(&mut round, &subscribers), [1, 2]);
        round.begin();
        subscribers.insert(9, 9);
        subscribers.remove(&1);
        assert_eq!(next(&mut round, &subscribers), [3, 4]);
        assert_eq!(next(&mut round, &subscribers), [9]);
        assert_eq!(next(&mut round, &subscribers), [2]);
        assert!(next(&mut round, &subscribers).is_empty());
    }
}
