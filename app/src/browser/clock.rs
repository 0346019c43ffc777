//! The browser's clock, time zone and format of a time of day.

use hubbub_protocol::UnixMillis;
use js_sys::{Date, Object, Reflect};
use wasm_bindgen::JsValue;

const MS_PER_MINUTE: f64 = 60_000.0;

/// The time of now.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a clock set before 1970 reads as 0")]
pub(crate) fn now() -> UnixMillis {
    UnixMillis(Date::now() as u64)
}

/// How far the local time is ahead of UTC at a moment, in ms.
#[expect(clippy::cast_possible_truncation, reason = "a time zone is less than a day from UTC")]
pub(crate) fn zone_offset_ms(at: UnixMillis) -> i64 {
    (-date(at).get_timezone_offset() * MS_PER_MINUTE) as i64
}

/// The time of day in the reader's zone and format, such as `14:02`, `9:02` or `2:02 PM`.
pub(crate) fn local_time(at: UnixMillis) -> String {
    let options = options(&[("hour", "numeric"), ("minute", "2-digit")]);
    let time = String::from(date(at).to_locale_time_string_with_options(&language(), &options));
    without_padding(&time).to_owned()
}

/// The day and the time of an ISO 8601 timestamp in the reader's zone and language, such as `Saturday, 2 May 2026 at 14:02`.
pub(crate) fn local_date_and_time(timestamp: &str) -> String {
    Date::new(&JsValue::from_str(timestamp))
        .to_locale_string(&language(), &options(&[("dateStyle", "full"), ("timeStyle", "short")]))
        .into()
}

/// Removes the zero that some languages write before an hour of one digit.
pub(crate) fn without_padding(time: &str) -> &str {
    match time.strip_prefix('0') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => rest,
        _ => time,
    }
}

fn options(values: &[(&str, &str)]) -> Object {
    let options = Object::new();
    for (name, value) in values {
        // Setting a property of a plain object never fails.
        let _ = Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    options
}

fn language() -> String {
    leptos::prelude::window().navigator().language().unwrap_or_else(|| "en".to_owned())
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds stay exact in a double for 285,000 years")]
fn date(at: UnixMillis) -> Date {
    Date::new(&JsValue::from_f64(at.0 as f64))
}
