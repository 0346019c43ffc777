//! What a JSON value is made of: the few shapes that frames need, and nothing about frames.

use serde_json::Value;
use uuid::Uuid;

/// Something that can be read out of a JSON value. `None`: the value is not of its shape.
pub(super) trait FromJson: Sized {
    fn from_json(value: &Value) -> Option<Self>;
}

/// A field that must be there. Fields that nobody asks for are ignored.
pub(super) fn field<T: FromJson>(object: &Value, name: &str) -> Option<T> {
    T::from_json(object.get(name)?)
}

/// A field that may be missing or null, but not of another shape.
pub(super) fn optional<T: FromJson>(object: &Value, name: &str) -> Option<Option<T>> {
    match object.get(name) {
        None | Some(Value::Null) => Some(None),
        Some(value) => T::from_json(value).map(Some),
    }
}

/// The field that says which of several shapes an object has.
pub(super) fn tag<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object.get(name)?.as_str()
}

impl FromJson for u64 {
    fn from_json(value: &Value) -> Option<Self> {
        value.as_u64()
    }
}

impl FromJson for u32 {
    fn from_json(value: &Value) -> Option<Self> {
        Self::try_from(value.as_u64()?).ok()
    }
}

impl FromJson for String {
    fn from_json(value: &Value) -> Option<Self> {
        value.as_str().map(str::to_owned)
    }
}

impl FromJson for Uuid {
    fn from_json(value: &Value) -> Option<Self> {
        Self::try_parse(value.as_str()?).ok()
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: &Value) -> Option<Self> {
        value.as_array()?.iter().map(T::from_json).collect()
    }
}
