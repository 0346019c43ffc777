//! A histogram of durations with buckets that are 1.6 % wide, so that millions of durations take little memory. Crowds fill
//! it, and scenarios read it.

use std::time::Duration;

/// Buckets for each doubling of the duration: a bucket is at most 1/64 as wide as the duration at its start.
const STEPS: u64 = 64;
const STEPS_LOG2: u32 = STEPS.ilog2();

#[derive(Default)]
pub(crate) struct Histogram {
    counts: Vec<u64>,
    total: u64,
}

impl Histogram {
    pub(crate) fn record(&mut self, ns: u64) {
        let bucket = bucket_of(ns);
        if bucket >= self.counts.len() {
            self.counts.resize(bucket + 1, 0);
        }
        self.counts[bucket] += 1;
        self.total += 1;
    }

    /// The duration that a share (0 to 1) of the recorded durations doesn't exceed.
    pub(crate) fn quantile(&self, share: f64) -> Duration {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a count"
        )]
        let wanted = (share * self.total as f64).ceil() as u64;
        let mut seen = 0;
        for (bucket, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= wanted && seen > 0 {
                return Duration::from_nanos(upper_end(bucket));
            }
        }
        Duration::ZERO
    }
}

fn bucket_of(ns: u64) -> usize {
    let doubling = u64::from(ns.max(STEPS).ilog2() - STEPS_LOG2);
    usize::try_from(doubling * STEPS + (ns >> doubling)).expect("at most 64 doublings of 64 steps")
}

fn upper_end(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    let doubling = (bucket / STEPS).saturating_sub(1);
    ((bucket - doubling * STEPS + 1) << doubling).wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_right_within_the_width_of_a_bucket() {
        let mut histogram = Histogram::default();
        for us in 1..=10_000_u64 {
            histogram.record(us * 1_000);
        }
        for (share, us) in [(0.5, 5_000.0), (0.99, 9_900.0), (1.0, 10_000.0), (0.0001, 1.0)] {
            let found = histogram.quantile(share).as_secs_f64() * 1e6;
            assert!((found / us - 1.0).abs() < 0.02, "{share}: {found} instead of {us}");
        }
    }

    #[test]
    fn nothing_recorded_is_zero_and_the_extremes_fit() {
        assert_eq!(Histogram::default().quantile(0.5), Duration::ZERO);
        let mut histogram = Histogram::default();
        histogram.record(0);
        histogram.record(u64::MAX);
        assert_eq!(histogram.quantile(0.5), Duration::ZERO);
    }
}
