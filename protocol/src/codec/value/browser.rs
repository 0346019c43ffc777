//! JSON values by the browser's own `JSON.parse`.

use std::borrow::Cow;

use js_sys::{Array, JSON, Reflect};
pub(in crate::codec) use wasm_bindgen::JsValue as Value;

/// Past 2^53 a number is no longer the one that was written; no frame has such numbers.
const INTEGERS_END: f64 = 9_007_199_254_740_992.0;

pub(in crate::codec) fn parse(text: &str) -> Option<Value> {
    JSON::parse(text).ok()
}

pub(in crate::codec) fn field<'a>(object: &'a Value, name: &str) -> Option<Cow<'a, Value>> {
    let value = Reflect::get(object, &Value::from_str(name)).ok()?;
    (!value.is_null() && !value.is_undefined()).then_some(Cow::Owned(value))
}

pub(in crate::codec) fn text(value: &Value) -> Option<Cow<'_, str>> {
    value.as_string().map(Cow::Owned)
}

pub(in crate::codec) fn integer(value: &Value) -> Option<u64> {
    let number = value.as_f64().filter(|number| (0.0..INTEGERS_END).contains(number))?;
    // In range and without a fraction, so nothing is lost.
    (number.trunc() == number).then_some(number as u64)
}

pub(in crate::codec) fn items(value: &Value) -> Option<impl Iterator<Item = Cow<'_, Value>>> {
    Array::is_array(value).then(|| Array::from(value).into_iter().map(Cow::Owned))
}
