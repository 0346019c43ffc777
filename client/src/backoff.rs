//! When to reconnect: full jitter, so that clients which lost their connections together don't reconnect together. The
//! connection uses it.

use std::time::Duration;

use crate::moment::{Moment, ms};

/// The shortest wait (DESIGN §2.10).
const LEAST: Duration = Duration::from_millis(500);
/// The longest wait (DESIGN §2.10).
const MOST: Duration = Duration::from_secs(30);

/// Counts the attempts that failed in a row.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Returns the next wait in ms: random between half a second and a bound that doubles with each failure up to 30 s.
    pub(crate) fn next_ms(&mut self, moment: &Moment) -> u64 {
        self.failures = self.failures.saturating_add(1);
        let doubled = ms(LEAST) << self.failures.min(16);
        moment.between(ms(LEAST), doubled.min(ms(MOST)))
    }

    /// Starts anew after a connection that lasted.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hubbub_protocol::UnixMillis;

    #[test]
    fn the_longest_wait_doubles_up_to_thirty_seconds_and_is_reset_by_a_good_connection() {
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
