//! The time and the random bytes that a caller passes in, and deadlines measured by that time. The whole engine uses them.

use std::time::Duration;

use hubbub_protocol::UnixMillis;

/// The longest time that the server may take to open, welcome, answer or ack. After it the request is repeated.
pub(crate) const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// The time and the random bytes of one call, which the engine can't get by itself.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The caller's clock. Deadlines are measured by it, so a clock that is set back delays them. Order does not depend
    /// on it.
    pub now: UnixMillis,
    /// New random bytes for each call.
    pub random: [u8; 16],
}

impl Moment {
    /// Returns ten random bytes for a message's id.
    pub(crate) fn id_bytes(&self) -> [u8; 10] {
        std::array::from_fn(|i| self.random[i])
    }

    /// Returns a random time between two, uniformly distributed. It uses the six bytes that ids don't use.
    pub(crate) fn between(&self, least_ms: u64, most_ms: u64) -> u64 {
        let chance = self.random[10..].iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        let range = u128::from(most_ms.saturating_sub(least_ms)) + 1;
        least_ms + ((u128::from(chance) * range) >> 48) as u64
    }
}

/// Returns the time that is `by` after `at`.
pub(crate) fn after(at: UnixMillis, by: Duration) -> UnixMillis {
    UnixMillis(at.0.saturating_add(ms(by)))
}

/// Returns a duration in the unit of the clock.
pub(crate) const fn ms(duration: Duration) -> u64 {
    duration.as_secs() * 1_000 + duration.subsec_millis() as u64
}

/// The wait for an answer. A call that doesn't know the time starts a wait without a start; the next tick sets the start.
/// The deadline of such a wait is 0, so the tick comes at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wait {
    since: Option<UnixMillis>,
    lasts_ms: u64,
}

impl Wait {
    pub(crate) const fn since(now: Option<UnixMillis>) -> Self {
        Self { since: now, lasts_ms: ms(ANSWER_WITHIN) }
    }

    /// Returns a wait for as long as the server said.
    pub(crate) const fn lasting(lasts_ms: u64, now: UnixMillis) -> Self {
        Self { since: Some(now), lasts_ms }
    }

    /// Returns whether the wait is over: the answer is overdue, or the request may be repeated.
    pub(crate) fn is_over(&mut self, now: Option<UnixMillis>) -> bool {
        match (self.since, now) {
            (Some(since), Some(now)) => now >= self.end(since),
            (None, Some(_)) => {
                self.since = now;
                false
            }
            (_, None) => false,
        }
    }

    pub(crate) fn deadline(self) -> UnixMillis {
        self.since.map_or(UnixMillis(0), |since| self.end(since))
    }

    const fn end(self, since: UnixMillis) -> UnixMillis {
        UnixMillis(since.0.saturating_add(self.lasts_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_random_time_is_within_its_bounds_and_includes_both() {
        let moment = |byte| Moment { now: UnixMillis(0), random: [byte; 16] };
        assert_eq!(moment(0).between(500, 30_000), 500);
        assert_eq!(moment(255).between(500, 30_000), 30_000);
        assert_eq!(moment(128).between(7, 7), 7);
    }

    #[test]
    fn the_next_tick_sets_the_missing_start_of_a_wait() {
        let mut wait = Wait::since(None);
        assert_eq!(wait.deadline(), UnixMillis(0));
        assert!(!wait.is_over(Some(UnixMillis(50_000))));
        assert_eq!(wait.deadline(), UnixMillis(60_000));
        assert!(wait.is_over(Some(UnixMillis(60_000))));
    }
}
