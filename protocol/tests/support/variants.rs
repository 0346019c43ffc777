//! The names of an enum's variants, as its derive knows them. Tests compare them with the golden samples and with what
//! the generators make, so that a new variant can't be forgotten in either.

use std::fmt;

use hubbub_protocol::codec;
use serde::de::{self, Deserializer, Visitor};
use serde::{Serialize, forward_to_deserialize_any};

/// Deserializes nothing. It returns, as an error, the variants that the derived code of an enum asks for. An enum derives
/// with `remote = "Self"`, so the derived code is its function `deserialize` and not the trait's.
pub(crate) struct ReportVariants;

/// The names of all variants, in the order of the source.
#[derive(Debug)]
pub(crate) struct Variants(pub(crate) &'static [&'static str]);

/// The name under which a value's variant travels: `"name"` or `{"name":…}`.
pub(crate) fn name_of<T: Serialize>(value: &T) -> String {
    codec::encode(value).split('"').nth(1).expect("a variant is written with its name").to_owned()
}

impl<'de> Deserializer<'de> for ReportVariants {
    type Error = Variants;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Variants> {
        Err(Variants(variants))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Variants> {
        unreachable!("only enums are asked for their variants")
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl fmt::Display for Variants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl std::error::Error for Variants {}

impl de::Error for Variants {
    fn custom<T: fmt::Display>(message: T) -> Self {
        unreachable!("{message}")
    }
}
