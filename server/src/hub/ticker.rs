//! When a room ticks: makes the events that have gathered readable, as few frames. A quiet room ticks at once; a busy
//! room when a part of its subscribers have taken the last tick, so that each of them needs few frames and one write. The
//! ticks grow with the load.

use std::time::Duration;

use tokio::time::Instant;

/// Two ticks are at least this far apart: less than a frame of any screen.
const BETWEEN_TICKS: Duration = Duration::from_millis(2);
/// Two ticks are at most this far apart, however slow the subscribers are.
const BETWEEN_TICKS_AT_MOST: Duration = Duration::from_millis(20);

/// The last tick of a room, and whether the next one is due.
#[derive(Default)]
pub(super) struct Ticker {
    /// The number of the last tick; each subscriber keeps the number of the last one that it has taken.
    number: u64,
    last: Option<Instant>,
    /// Subscribers at the last tick, and how many of them have taken it.
    n_subscribers: usize,
    n_caught_up: usize,
    /// Whether events or hints wait for the next tick.
    is_wanted: bool,
    /// When a timer will call [`Ticker::plan`] again.
    timer: Option<Instant>,
}

/// When to tick.
pub(super) enum TickPlan {
    /// The caller has nothing to do.
    Rest,
    /// The caller must tick now.
    Now,
    /// The caller must call [`Ticker::timer_fired`] and [`Ticker::plan`] at this time.
    At(Instant),
}

impl Ticker {
    /// The number of the last tick: a new subscriber has taken it.
    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    /// Requires a tick.
    pub(super) fn want(&mut self) {
        self.is_wanted = true;
    }

    /// Counts a subscriber that has taken all that is readable. `tick_taken` is the last tick that it had taken.
    pub(super) fn taken(&mut self, tick_taken: &mut u64) {
        if std::mem::replace(tick_taken, self.number) != self.number {
            self.n_caught_up += 1;
        }
    }

    /// Records that the timer of [`TickPlan::At`] has fired.
    pub(super) fn timer_fired(&mut self) {
        self.timer = None;
    }

    /// Records that the room has ticked, with this number of subscribers.
    pub(super) fn ticked(&mut self, n_subscribers: usize) {
        self.number += 1;
        self.last = Some(Instant::now());
        (self.n_subscribers, self.n_caught_up, self.is_wanted) = (n_subscribers, 0, false);
    }

    /// Returns when to tick. Call it whenever a tick was required or taken, and when the timer has fired.
    pub(super) fn plan(&mut self) -> TickPlan {
        if !self.is_wanted {
            return TickPlan::Rest;
        }
        let now = Instant::now();
        let due = self.last.map_or(now, |last| last + self.between());
        if due <= now {
            // Only this caller gets `Now`.
            self.is_wanted = false;
            TickPlan::Now
        } else if self.timer.is_some_and(|timer| timer <= due) {
            TickPlan::Rest
        } else {
            self.timer = Some(due);
            TickPlan::At(due)
        }
    }

    /// The interval is short once an eighth of the subscribers have taken the last tick. Subscribers are reached
    /// round-robin, so that a message waits for an eighth of a round at most before it is readable, and a subscriber finds
    /// eight ticks at most. Stuck subscribers delay nobody.
    fn between(&self) -> Duration {
        if self.n_caught_up * 8 >= self.n_subscribers { BETWEEN_TICKS } else { BETWEEN_TICKS_AT_MOST }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_first_message_ticks_at_once_and_the_next_after_the_interval() {
        let mut ticker = Ticker::default();
        assert!(matches!(ticker.plan(), TickPlan::Rest), "no event waits");
        ticker.want();
        assert!(matches!(ticker.plan(), TickPlan::Now));
        ticker.ticked(0);
        ticker.want();
        let TickPlan::At(when) = ticker.plan() else { panic!("the plan is not a timer") };
        assert_eq!(when - Instant::now(), BETWEEN_TICKS);
        assert!(matches!(ticker.plan(), TickPlan::Rest), "one timer is enough");
        tokio::time::advance(BETWEEN_TICKS).await;
        ticker.timer_fired();
        assert!(matches!(ticker.plan(), TickPlan::Now));
    }

    #[tokio::test(start_paused = true)]
    async fn a_busy_room_ticks_when_an_eighth_of_its_subscribers_have_taken_the_last_tick() {
        let mut ticker = Ticker::default();
        let mut subscribers = [ticker.number(); 24];
        ticker.ticked(24);
        ticker.want();
        assert!(matches!(ticker.plan(), TickPlan::At(_)));
        tokio::time::advance(BETWEEN_TICKS).await;
        for subscriber in [0, 0, 1] {
            ticker.taken(&mut subscribers[subscriber]);
            assert!(matches!(ticker.plan(), TickPlan::Rest), "a subscriber counts once");
        }
        ticker.taken(&mut subscribers[2]);
        assert!(matches!(ticker.plan(), TickPlan::Now));
    }

    #[tokio::test(start_paused = true)]
    async fn a_room_ticks_after_the_longest_interval_if_no_subscriber_takes_the_last_tick() {
        let mut ticker = Ticker::default();
        ticker.ticked(4);
        ticker.want();
        assert!(matches!(ticker.plan(), TickPlan::At(when) if when - Instant::now() == BETWEEN_TICKS_AT_MOST));
        tokio::time::advance(BETWEEN_TICKS_AT_MOST).await;
        ticker.timer_fired();
        assert!(matches!(ticker.plan(), TickPlan::Now));
    }
}
