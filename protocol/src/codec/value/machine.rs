//! JSON values by serde_json.

use std::borrow::Cow;

pub(in crate::codec) use serde_json::Value;

pub(in crate::codec) fn parse(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

pub(in crate::codec) fn field<'a>(object: &'a Value, name: &str) -> Option<Cow<'a, Value>> {
    object.get(name).filter(|value| !value.is_null()).map(Cow::Borrowed)
}

pub(in crate::codec) fn text(value: &Value) -> Option<Cow<'_, str>> {
    value.as_str().map(Cow::Borrowed)
}

pub(in crate::codec) fn integer(value: &Value) -> Option<u64> {
    value.as_u64()
}

pub(in crate::codec) fn items(value: &Value) -> Option<impl Iterator<Item = Cow<'_, Value>>> {
    value.as_array().map(|items| items.iter().map(Cow::Borrowed))
}
