//! What frames are made of: numbers, texts, ids and lists of them, read out of JSON values.

use std::borrow::Cow;

use uuid::Uuid;

use super::value::{self, Value};

/// Something that can be read out of a JSON value. `None`: the value is not of its shape.
pub(super) trait FromJson: Sized {
    fn from_json(value: &Value) -> Option<Self>;
}

/// A field that must be there. Fields that nobody asks for are ignored.
pub(super) fn field<T: FromJson>(object: &Value, name: &str) -> Option<T> {
    T::from_json(&*value::field(object, name)?)
}

/// A field that may be missing or null, but not of another shape.
pub(super) fn optional<T: FromJson>(object: &Value, name: &str) -> Option<Option<T>> {
    match value::field(object, name) {
        None => Some(None),
        Some(value) => T::from_json(&value).map(Some),
    }
}

/// The field that says which of several shapes an object has.
pub(super) fn tag(object: &Value, name: &str) -> Option<String> {
    field(object, name)
}

impl FromJson for u64 {
    fn from_json(value: &Value) -> Option<Self> {
        value::integer(value)
    }
}

impl FromJson for u32 {
    fn from_json(value: &Value) -> Option<Self> {
        Self::try_from(value::integer(value)?).ok()
    }
}

impl FromJson for String {
    fn from_json(value: &Value) -> Option<Self> {
        value::text(value).map(Cow::into_owned)
    }
}

impl FromJson for Uuid {
    fn from_json(value: &Value) -> Option<Self> {
        Self::try_parse(&value::text(value)?).ok()
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: &Value) -> Option<Self> {
        value::items(value)?.map(|item| T::from_json(&item)).collect()
    }
}
