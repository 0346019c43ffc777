//! A logarithmic axis: the powers of ten on it, and the place of a value.

/// The least value on an axis. Zero is drawn as this value, since it has no logarithm.
const LEAST: f64 = 0.01;

/// From one power of ten to another.
pub(super) struct Scale {
    first: i32,
    last: i32,
    width: f64,
}

impl Scale {
    /// An axis that has all values on it.
    pub(super) fn around(values: &[f64], width: f64) -> Self {
        let logs = values.iter().map(|value| value.max(LEAST).log10());
        let (least, most) = logs.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, m), log| (l.min(log), m.max(log)));
        #[expect(clippy::cast_possible_truncation, reason = "the logarithm of a figure")]
        let (first, last) = (least.floor() as i32, most.ceil() as i32);
        Self { first, last: last.max(first.saturating_add(1)), width }
    }

    /// The distance of a value from the start of the axis.
    pub(super) fn place(&self, value: f64) -> f64 {
        let share = (value.max(LEAST).log10() - f64::from(self.first)) / f64::from(self.last - self.first);
        share.clamp(0.0, 1.0) * self.width
    }

    /// The powers of ten on it.
    pub(super) fn ticks(&self) -> impl Iterator<Item = f64> {
        (self.first..=self.last).map(|exponent| 10_f64.powi(exponent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_goes_from_the_power_of_ten_below_to_the_one_above() {
        let scale = Scale::around(&[3.0, 400.0], 300.0);
        assert_eq!(scale.ticks().collect::<Vec<_>>(), [1.0, 10.0, 100.0, 1_000.0]);
        let places = [1.0, 10.0, 1_000.0].map(|value| scale.place(value).round());
        assert_eq!(places, [0.0, 100.0, 300.0].map(f64::round));
    }

    #[test]
    fn equal_values_and_zero_have_an_axis_too() {
        assert_eq!(Scale::around(&[10.0], 100.0).ticks().count(), 2);
        assert!(Scale::around(&[0.0], 100.0).place(0.0).abs() < f64::EPSILON);
    }
}
