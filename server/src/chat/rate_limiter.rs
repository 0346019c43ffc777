//! A rate limiter with a limit for each key: the generic cell rate algorithm (ITU-T I.371). Used by `rate_limits`, which
//! chooses the actions and the keys.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use hubbub_protocol::Refusal;
use tokio::time::Instant;

/// The most keys in the map, which then takes about 3 MB. At this number, the keys with a full allowance are removed. If
/// more than half of the keys are left, the half with the larger allowance is removed too. A removed key has a full
/// allowance again.
const MAX_KEYS: usize = 65_536;

/// Allows each key a number of actions in a period. All of them may be done at once; the allowance comes back evenly.
pub(super) struct RateLimiter<K> {
    /// The time in which the allowance grows by one action; None without a limit.
    interval: Option<Duration>,
    period: Duration,
    /// When each key has its full allowance again.
    full_at: Mutex<HashMap<K, Instant>>,
}

impl<K: Eq + Hash> RateLimiter<K> {
    /// Creates a limiter that allows `n_actions` in each period; 0 means no limit.
    pub(super) fn new(n_actions: u32, period: Duration) -> Self {
        Self { interval: period.checked_div(n_actions), period, full_at: Mutex::default() }
    }

    /// Counts an action of a key.
    ///
    /// # Errors
    /// [`Refusal::RateLimited`] with the time after which the action is allowed. The action is not counted then.
    pub(super) fn take(&self, key: K) -> Result<(), Refusal> {
        let Some(interval) = self.interval else { return Ok(()) };
        let now = Instant::now();
        let mut full_at = self.full_at();
        if full_at.len() >= MAX_KEYS {
            remove_keys(&mut full_at, now);
        }
        let would_be_full_at = full_at.get(&key).map_or(now, |at| (*at).max(now)) + interval;
        let wait = would_be_full_at.saturating_duration_since(now).saturating_sub(self.period);
        if !wait.is_zero() {
            let retry_after_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1);
            return Err(Refusal::RateLimited { retry_after_ms });
        }
        full_at.insert(key, would_be_full_at);
        Ok(())
    }

    /// Undoes the count of an action that was not done.
    pub(super) fn give_back(&self, key: &K) {
        let Some(interval) = self.interval else { return };
        if let Some(full_at) = self.full_at().get_mut(key) {
            *full_at -= interval;
        }
    }

    fn full_at(&self) -> MutexGuard<'_, HashMap<K, Instant>> {
        self.full_at.lock().expect("no holder of this lock panics")
    }
}

/// Removes at least half of the keys, so that this is seldom called.
fn remove_keys<K: Eq + Hash>(full_at: &mut HashMap<K, Instant>, now: Instant) {
    full_at.retain(|_, full_at| *full_at > now);
    if full_at.len() > MAX_KEYS / 2 {
        let mut times: Vec<Instant> = full_at.values().copied().collect();
        let (_, median, _) = times.select_nth_unstable(full_at.len() / 2);
        let median = *median;
        full_at.retain(|_, full_at| *full_at > median);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);
    const KIRA: u32 = 1;
    const JONAS: u32 = 2;

    #[tokio::test(start_paused = true)]
    async fn all_turns_of_a_period_may_be_taken_at_once_and_return_at_an_even_rate() {
        let limiter = RateLimiter::new(100, MINUTE);
        for _ in 0..100 {
            assert_eq!(limiter.take(KIRA), Ok(()));
        }
        assert_eq!(limiter.take(KIRA), Err(Refusal::RateLimited { retry_after_ms: 600 }));
        assert_eq!(limiter.take(JONAS), Ok(()), "another key has turns of its own");
        tokio::time::advance(Duration::from_millis(600)).await;
        assert_eq!(limiter.take(KIRA), Ok(()));
        assert!(limiter.take(KIRA).is_err());
        limiter.give_back(&KIRA);
        assert_eq!(limiter.take(KIRA), Ok(()), "a turn that was given back can be taken");
    }

    #[tokio::test(start_paused = true)]
    async fn zero_means_no_limit() {
        let limiter = RateLimiter::new(0, MINUTE);
        assert!((0..1_000).all(|_| limiter.take(KIRA).is_ok()));
        assert!(limiter.full_at().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn at_the_bound_the_keys_with_the_most_turns_left_are_removed() {
        let limiter = RateLimiter::new(2, MINUTE);
        let greedy = u32::MAX;
        assert!((0..2).all(|_| limiter.take(greedy).is_ok()));
        for key in 0..200_000 {
            assert_eq!(limiter.take(key), Ok(()));
            assert!(limiter.full_at().len() <= MAX_KEYS);
        }
        assert!(limiter.take(greedy).is_err(), "many other keys don't give a key its turns back");

        tokio::time::advance(MINUTE).await;
        for key in 0..=u32::try_from(MAX_KEYS).expect("fits") {
            assert_eq!(limiter.take(key), Ok(()));
        }
        assert!(!limiter.full_at().contains_key(&greedy), "a key that has all turns again is removed");
    }
}
