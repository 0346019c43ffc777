//! When a room ticks. After a quiet while at once; in a busy room when a part of the readers have taken the last tick, so
//! that what gathers while they are reached leaves as a few frames and one write to each. So the ticks grow with the load
//! by themselves.

use std::time::Duration;

use tokio::time::Instant;

/// Two ticks are at least this far apart: less than a frame of any screen.
const BETWEEN_TICKS: Duration = Duration::from_millis(2);
/// But never further, however slow the readers are.
const BETWEEN_TICKS_AT_MOST: Duration = Duration::from_millis(20);

/// See the module.
#[derive(Default)]
pub(super) struct Ticker {
    /// The number of the last tick; readers keep the number of the last one they have taken.
    number: u64,
    last: Option<Instant>,
    /// Readers that the last tick was for, and how many of them have taken it.
    n_readers: usize,
    n_caught_up: usize,
    /// Whether something waits for the next tick.
    is_wanted: bool,
    /// When a timer will look again.
    timer: Option<Instant>,
}

/// What to do about a tick that is wanted.
pub(super) enum Turn {
    /// Nothing, or someone else will.
    Rest,
    /// Tick.
    Now,
    /// Look again then.
    At(Instant),
}

impl Ticker {
    /// Where a new reader stands: nothing before it was for it.
    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    /// Something waits for the next tick.
    pub(super) fn want(&mut self) {
        self.is_wanted = true;
    }

    /// A reader has taken what there is.
    pub(super) fn taken(&mut self, reader: &mut u64) {
        if std::mem::replace(reader, self.number) != self.number {
            self.n_caught_up += 1;
        }
    }

    /// The timer that was asked for has come.
    pub(super) fn woken(&mut self) {
        self.timer = None;
    }

    /// It ticked, for so many readers.
    pub(super) fn ticked(&mut self, n_readers: usize) {
        self.number += 1;
        self.last = Some(Instant::now());
        (self.n_readers, self.n_caught_up, self.is_wanted) = (n_readers, 0, false);
    }

    /// What to do now: to be asked whenever something waits, was taken, or the timer has come.
    pub(super) fn plan(&mut self) -> Turn {
        if !self.is_wanted {
            return Turn::Rest;
        }
        let now = Instant::now();
        let due = self.last.map_or(now, |last| last + self.between());
        if due <= now {
            // Whoever is told so ticks: nobody else shall.
            self.is_wanted = false;
            Turn::Now
        } else if self.timer.is_some_and(|timer| timer <= due) {
            Turn::Rest
        } else {
            self.timer = Some(due);
            Turn::At(due)
        }
    }

    /// An eighth: readers are reached in a circle, so a message waits for an eighth of the way round at most before it is
    /// readable, and a reader finds eight ticks at most. Those who are stuck hold up nobody.
    fn between(&self) -> Duration {
        if self.n_caught_up * 8 >= self.n_readers { BETWEEN_TICKS } else { BETWEEN_TICKS_AT_MOST }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_lone_message_leaves_at_once_and_the_next_not_before_its_time() {
        let mut ticker = Ticker::default();
        assert!(matches!(ticker.plan(), Turn::Rest), "nothing waits");
        ticker.want();
        assert!(matches!(ticker.plan(), Turn::Now));
        ticker.ticked(0);
        ticker.want();
        let Turn::At(when) = ticker.plan() else { panic!("too soon to tick, and nobody else looks") };
        assert_eq!(when - Instant::now(), BETWEEN_TICKS);
        assert!(matches!(ticker.plan(), Turn::Rest), "one timer is enough");
        tokio::time::advance(BETWEEN_TICKS).await;
        ticker.woken();
        assert!(matches!(ticker.plan(), Turn::Now));
    }

    #[tokio::test(start_paused = true)]
    async fn a_busy_room_ticks_when_an_eighth_of_its_readers_have_taken_the_last_tick() {
        let mut ticker = Ticker::default();
        let mut readers = [ticker.number(); 24];
        ticker.ticked(24);
        ticker.want();
        assert!(matches!(ticker.plan(), Turn::At(_)));
        tokio::time::advance(BETWEEN_TICKS).await;
        for reader in [0, 0, 1] {
            ticker.taken(&mut readers[reader]);
            assert!(matches!(ticker.plan(), Turn::Rest), "a reader counts once");
        }
        ticker.taken(&mut readers[2]);
        assert!(matches!(ticker.plan(), Turn::Now));
    }

    #[tokio::test(start_paused = true)]
    async fn readers_that_take_nothing_hold_a_room_up_no_longer_than_the_bound() {
        let mut ticker = Ticker::default();
        ticker.ticked(4);
        ticker.want();
        assert!(matches!(ticker.plan(), Turn::At(when) if when - Instant::now() == BETWEEN_TICKS_AT_MOST));
        tokio::time::advance(BETWEEN_TICKS_AT_MOST).await;
        ticker.woken();
        assert!(matches!(ticker.plan(), Turn::Now));
    }
}
