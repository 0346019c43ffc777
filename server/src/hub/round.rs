//! Whom a room reaches next. Its readers stand in a circle, and who goes round it stops when everyone was reached since
//! the last tick; a tick on the way makes the way longer, and never a second one. So a reader waits for one round at
//! most, and finds everything there is. Knows neither rooms nor ticks.

use std::collections::BTreeMap;

/// See the module. It begins at rest.
#[derive(Default)]
pub(super) struct Round {
    leg: Leg,
    /// Who is next, by number; if that one has gone, whoever is there after it.
    next: u64,
    /// Where it began: it ends before this one.
    start: u64,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Leg {
    #[default]
    Resting,
    /// From where it began to the last reader.
    ToTheLast,
    /// From the first reader to where it began.
    FromTheFirst,
}

impl Round {
    /// From now on everyone is to be reached. True if nobody is on the way: then someone must go.
    pub(super) fn begin(&mut self) -> bool {
        self.start = self.next;
        std::mem::replace(&mut self.leg, Leg::ToTheLast) == Leg::Resting
    }

    /// Adds the next readers to `reached`, `n` at most. When it adds none, everyone was reached, and the round is over.
    pub(super) fn advance<T: Clone>(&mut self, readers: &BTreeMap<u64, T>, n: usize, reached: &mut Vec<T>) {
        while reached.is_empty() && self.leg != Leg::Resting {
            let end = if self.leg == Leg::ToTheLast { u64::MAX } else { self.start };
            for (number, reader) in readers.range(self.next..end).take(n) {
                reached.push(reader.clone());
                self.next = number + 1;
            }
            if reached.is_empty() {
                self.turn();
            }
        }
    }

    /// There is nobody left on this leg.
    fn turn(&mut self) {
        self.leg = match self.leg {
            Leg::ToTheLast => {
                self.next = 0;
                Leg::FromTheFirst
            }
            Leg::FromTheFirst | Leg::Resting => Leg::Resting,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readers(numbers: impl IntoIterator<Item = u64>) -> BTreeMap<u64, u64> {
        numbers.into_iter().map(|number| (number, number)).collect()
    }

    fn next(round: &mut Round, readers: &BTreeMap<u64, u64>) -> Vec<u64> {
        let mut reached = Vec::new();
        round.advance(readers, 2, &mut reached);
        reached
    }

    #[test]
    fn everyone_is_reached_once_and_then_it_rests() {
        let (mut round, readers) = (Round::default(), readers([3, 5, 8]));
        assert!(next(&mut round, &readers).is_empty(), "nothing has begun");
        assert!(round.begin(), "someone must go");
        assert_eq!(next(&mut round, &readers), [3, 5]);
        assert_eq!(next(&mut round, &readers), [8]);
        assert!(next(&mut round, &readers).is_empty());
        assert!(round.begin(), "it has come to rest");
    }

    #[test]
    fn what_comes_on_the_way_reaches_those_ahead_first_and_then_those_behind() {
        let (mut round, readers) = (Round::default(), readers(1..=5));
        round.begin();
        assert_eq!(next(&mut round, &readers), [1, 2]);
        assert!(!round.begin(), "someone is on the way");
        assert_eq!(next(&mut round, &readers), [3, 4]);
        assert_eq!(next(&mut round, &readers), [5]);
        assert_eq!(next(&mut round, &readers), [1, 2]);
        assert!(next(&mut round, &readers).is_empty());
    }

    #[test]
    fn nobody_is_left_out_when_others_come_and_go() {
        let (mut round, mut readers) = (Round::default(), readers(1..=4));
        round.begin();
        assert_eq!(next(&mut round, &readers), [1, 2]);
        round.begin();
        readers.insert(9, 9);
        readers.remove(&1);
        assert_eq!(next(&mut round, &readers), [3, 4]);
        assert_eq!(next(&mut round, &readers), [9]);
        assert_eq!(next(&mut round, &readers), [2]);
        assert!(next(&mut round, &readers).is_empty());
    }
}
