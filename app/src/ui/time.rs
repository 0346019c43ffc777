//! Times and days as text. The first paint tells them in UTC, because the server doesn't know the reader's time zone; once
//! the page is live they are shown in local time. Called by pages and the timeline.

use hubbub_protocol::UnixMillis;
use web_sys::Element;

use crate::browser::clock;

const DAY_MS: u64 = 86_400_000;
const WEEKDAYS: [&str; 7] = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The time zone in which times are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    /// The server's and the first paint's.
    Utc,
    /// The reader's own.
    Local,
}

/// A day, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Day(pub(crate) i64);

impl Zone {
    /// The day of a moment.
    pub(crate) fn day(self, at: UnixMillis) -> Day {
        let local_ms = match self {
            Self::Utc => at.0.cast_signed(),
            Self::Local => at.0.cast_signed() + clock::zone_offset_ms(at),
        };
        Day(local_ms.div_euclid(DAY_MS.cast_signed()))
    }

    /// The time of day.
    pub(crate) fn time(self, at: UnixMillis) -> String {
        match self {
            Self::Utc => utc_time(at),
            Self::Local => clock::local_time(at),
        }
    }
}

/// `Today`, `Yesterday` or the date. Without `today` it is always the date.
pub(crate) fn day_label(day: Day, today: Option<Day>) -> String {
    match today.map(|today| today.0 - day.0) {
        Some(0) => "Today".to_owned(),
        Some(1) => "Yesterday".to_owned(),
        _ => {
            let (year, month, date) = civil(day);
            let weekday = WEEKDAYS[usize::try_from(day.0.rem_euclid(7)).expect("a remainder by 7 is 0 to 6")];
            format!("{weekday}, {date} {} {year}", MONTHS[month - 1])
        }
    }
}

/// The day as the end of a sentence: `today`, `yesterday` or `on` with the date.
pub(crate) fn on_day(day: Day, today: Option<Day>) -> String {
    match today.map(|today| today.0 - day.0) {
        Some(0) => "today".to_owned(),
        Some(1) => "yesterday".to_owned(),
        _ => format!("on {}", day_label(day, today)),
    }
}

/// Tells the day and the time of a message, as the title of its time. A browser takes about 50 µs to write a day in the
/// reader's language, so only the messages that are pointed at or focused have a title.
pub(crate) fn tell_full_date(message: &Element) {
    if let Ok(Some(time)) = message.query_selector("time:not([title])")
        && let Some(datetime) = time.get_attribute("datetime")
    {
        // The name is valid.
        let _ = time.set_attribute("title", &clock::local_date_and_time(&datetime));
    }
}

/// The time of day in UTC, such as `14:02` or `9:02`.
pub(crate) fn utc_time(at: UnixMillis) -> String {
    clock::without_padding(&iso_time(at)).to_owned()
}

fn iso_time(at: UnixMillis) -> String {
    let minutes = at.0 % DAY_MS / 60_000;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// A moment in the format of HTML's `datetime`.
pub(crate) fn iso(at: UnixMillis) -> String {
    format!("{}T{}:{:02}Z", iso_day(Zone::Utc.day(at)), iso_time(at), at.0 / 1000 % 60)
}

/// A day in the format of HTML's `datetime`.
pub(crate) fn iso_day(day: Day) -> String {
    let (year, month, date) = civil(day);
    format!("{year:04}-{month:02}-{date:02}")
}

/// Year, month (1 to 12) and day of the month in the Gregorian calendar. Months are counted from March, so that the
/// leap day is a year's last (Howard Hinnant, "chrono-compatible low-level date algorithms").
fn civil(day: Day) -> (i64, usize, i64) {
    let shifted = day.0 + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let date = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, usize::try_from(month).expect("a month is 1 to 12"), date)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAP_DAY: UnixMillis = UnixMillis(1_709_210_096_000);

    #[test]
    fn a_time_is_formatted_as_html_requires() {
        assert_eq!(iso(LEAP_DAY), "2024-02-29T12:34:56Z");
        assert_eq!(iso(UnixMillis(0)), "1970-01-01T00:00:00Z");
        assert_eq!(iso(UnixMillis(946_684_799_000)), "1999-12-31T23:59:59Z");
        assert_eq!(iso(UnixMillis(9 * 3_600_000 + 120_000)), "1970-01-01T09:02:00Z");
    }

    #[test]
    fn an_hour_of_one_digit_is_shown_without_a_zero() {
        let at = |hours: u64, minutes: u64| utc_time(UnixMillis((hours * 60 + minutes) * 60_000));
        assert_eq!([at(0, 5), at(9, 2), at(12, 34)], ["0:05", "9:02", "12:34"]);
    }

    #[test]
    fn today_and_yesterday_are_named_and_other_days_have_their_date() {
        let day = Zone::Utc.day(LEAP_DAY);
        assert_eq!(day_label(day, Some(day)), "Today");
        assert_eq!(day_label(day, Some(Day(day.0 + 1))), "Yesterday");
        assert_eq!(day_label(day, Some(Day(day.0 + 2))), "Thursday, 29 February 2024");
        assert_eq!(day_label(day, Some(Day(day.0 - 1))), "Thursday, 29 February 2024");
        assert_eq!(day_label(day, None), "Thursday, 29 February 2024");
        assert_eq!(day_label(Day(0), None), "Thursday, 1 January 1970");
        assert_eq!(on_day(day, Some(day)), "today");
        assert_eq!(on_day(Day(0), None), "on Thursday, 1 January 1970");
    }
}
