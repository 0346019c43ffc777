//! When to try again after a connection was lost: full jitter, so that clients that were cut together don't come back
//! together. The connection uses it; it knows no state but how often in a row it was asked.

use std::time::Duration;

use crate::moment::{Moment, ms};

/// The shortest wait (DESIGN §2.10).
const LEAST: Duration = Duration::from_millis(500);
/// The longest wait (DESIGN §2.10).
const MOST: Duration = Duration::from_secs(30);

/// How many tries in a row have failed.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The next wait, in ms: between half a second and a bound that doubles with each failure up to 30 s.
    pub(crate) fn next_ms(&mut self, moment: &Moment) -> u64 {
        self.failures = self.failures.saturating_add(1);
        let doubled = ms(LEAST) << self.failures.min(16);
        moment.between(ms(LEAST), doubled.min(ms(MOST)))
    }

    /// A connection proved good.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hubbub_protocol::UnixMillis;

    #[test]
    fn the_longest_wait_doubles_up_to_thirty_seconds_and_starts_anew_after_a_good_connection() {
        let unlucky = Moment { now: UnixMillis(0), random: [255; 16] };
        let mut backoff = Backoff::default();
        let waits: Vec<u64> = (0..8).map(|_| backoff.next_ms(&unlucky)).collect();
        assert_eq!(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
        backoff.reset();
        assert_eq!(backoff.next_ms(&unlucky), 1_000);
    }

    #[test]
    fn the_shortest_wait_stays_half_a_second() {
        let lucky = Moment { now: UnixMillis(0), random: [0; 16] };
        let mut backoff = Backoff::default();
        assert!((0..40).all(|_| backoff.next_ms(&lucky) == 500));
    }
}
