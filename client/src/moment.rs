//! Time and chance, as a caller brings them, and the waiting that is measured by them. Used all over the engine.

use std::time::Duration;

use hubbub_protocol::UnixMillis;

/// How long the server may take to open, to welcome, to answer or to ack before it is asked again.
pub(crate) const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// What the engine can't know by itself.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The caller's clock. Waiting is measured by it, so that it had better not be set back while it is used; order
    /// does not depend on it.
    pub now: UnixMillis,
    /// Fresh random bytes for each call.
    pub random: [u8; 16],
}

impl Moment {
    /// Ten bytes for a message's id.
    pub(crate) fn id_bytes(&self) -> [u8; 10] {
        std::array::from_fn(|i| self.random[i])
    }

    /// A time between two, each as likely: from the six bytes that ids don't use.
    pub(crate) fn between(&self, least_ms: u64, most_ms: u64) -> u64 {
        let chance = self.random[10..].iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        let range = u128::from(most_ms.saturating_sub(least_ms)) + 1;
        least_ms + ((u128::from(chance) * range) >> 48) as u64
    }
}

/// The moment that is `by` after `at`.
pub(crate) fn after(at: UnixMillis, by: Duration) -> UnixMillis {
    UnixMillis(at.0.saturating_add(ms(by)))
}

/// A duration in the unit of the clock.
pub(crate) const fn ms(duration: Duration) -> u64 {
    duration.as_secs() * 1_000 + duration.subsec_millis() as u64
}

/// Waiting for an answer. Some calls don't know the time; what they ask for is dated by the next tick, which
/// [`Wait::deadline`] asks for at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wait {
    since: Option<UnixMillis>,
    lasts_ms: u64,
}

impl Wait {
    pub(crate) const fn since(now: Option<UnixMillis>) -> Self {
        Self { since: now, lasts_ms: ms(ANSWER_WITHIN) }
    }

    /// Waiting that lasts as long as the server said.
    pub(crate) const fn lasting(lasts_ms: u64, now: UnixMillis) -> Self {
        Self { since: Some(now), lasts_ms }
    }

    /// Whether the wait is over: the answer is overdue, or the server may be asked again.
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
    fn a_chance_stays_within_its_bounds_and_reaches_both() {
        let moment = |byte| Moment { now: UnixMillis(0), random: [byte; 16] };
        assert_eq!(moment(0).between(500, 30_000), 500);
        assert_eq!(moment(255).between(500, 30_000), 30_000);
        assert_eq!(moment(128).between(7, 7), 7);
    }

    #[test]
    fn waiting_that_began_at_an_unknown_time_is_dated_by_the_next_tick() {
        let mut wait = Wait::since(None);
        assert_eq!(wait.deadline(), UnixMillis(0));
        assert!(!wait.is_over(Some(UnixMillis(50_000))));
        assert_eq!(wait.deadline(), UnixMillis(60_000));
        assert!(wait.is_over(Some(UnixMillis(60_000))));
    }
}
