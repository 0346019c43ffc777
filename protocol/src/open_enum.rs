//! Enums that may get new variants: a peer that is newer than this build may send a variant that this build doesn't know.
//! Used by every enum that travels; knows nothing of JSON.
//!
//! Serde's default form of an enum is `"ping"` for a variant without fields and `{"join": {…}}` for one with fields.
//! The derived code refuses a name that it doesn't know, and a variant whose content has another form than it expects.
//! [`OpenEnum`] accepts both forms for the variants that have no fields in this build:
//!
//! | sent | read as |
//! | --- | --- |
//! | `"dance"`, `{"dance": {"bpm": 120}}` | `Unknown` |
//! | `"ping"`, `{"ping": {"new_field": 1}}` | `Ping` |
//! | `"join"` | an error: the fields of `Join` are missing |

use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, IntoDeserializer, MapAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

/// Implements serde's two traits for enums that derive them with `#[serde(remote = "Self")]` and whose last variant is
/// `#[serde(other)] Unknown`. `remote = "Self"` makes each derive write a plain function instead of the trait, so that
/// this macro can put [`OpenEnum`] between the function and the real deserializer.
macro_rules! open_enum {
    ($name:ty) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                <$name>::serialize(self, serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <$name>::deserialize(crate::open_enum::OpenEnum(deserializer))
            }
        }
    };
}

pub(crate) use open_enum;

/// A deserializer that reads enums in both forms. Everything else is left to the deserializer inside.
pub(crate) struct OpenEnum<D>(pub(crate) D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for OpenEnum<D> {
    type Error = D::Error;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        if cfg!(target_arch = "wasm32") {
            // serde-wasm-bindgen gives content to every variant: without content, it is `undefined`. Its `deserialize_any`
            // would work as well, but it also reads JavaScript's `Map`, which doubles the code of every enum.
            self.0.deserialize_enum(name, variants, AnyContent(visitor))
        } else {
            // serde_json gives content only to the variants that have some, so the form decides what to read.
            self.0.deserialize_any(NameOrMap(visitor))
        }
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// Lets a variant without fields have any content, in a format that gives content to every variant.
struct AnyContent<A>(A);

impl<'de, V: Visitor<'de>> Visitor<'de> for AnyContent<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_enum<A: EnumAccess<'de>>(self, variant: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(AnyContent(variant))
    }
}

impl<'de, A: EnumAccess<'de>> EnumAccess<'de> for AnyContent<A> {
    type Error = A::Error;
    type Variant = AnyContent<A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self::Variant), A::Error> {
        let (name, content) = self.0.variant_seed(seed)?;
        Ok((name, AnyContent(content)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for AnyContent<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.0.newtype_variant::<IgnoredAny>().map(|_| ())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.0.newtype_variant_seed(seed)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.0.tuple_variant(len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.0.struct_variant(fields, visitor)
    }
}

/// Turns `"name"` and `{"name": content}` into the same kind of call to the derived visitor.
struct NameOrMap<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for NameOrMap<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<V::Value, E> {
        self.0.visit_enum(name.into_deserializer())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(Entry(map))
    }
}

/// A variant that is the only entry of a map: its name and its content.
struct Entry<A>(A);

impl<'de, A: MapAccess<'de>> EnumAccess<'de> for Entry<A> {
    type Error = A::Error;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(mut self, seed: S) -> Result<(S::Value, Self), A::Error> {
        let name = self.0.next_key_seed(seed)?.ok_or_else(|| A::Error::invalid_length(0, &"one variant"))?;
        Ok((name, self))
    }
}

impl<'de, A: MapAccess<'de>> Entry<A> {
    /// Reads the content. A second entry would be a second variant, so it is an error.
    fn only_content<S: DeserializeSeed<'de>>(mut self, seed: S) -> Result<S::Value, A::Error> {
        let content = self.0.next_value_seed(seed)?;
        match self.0.next_key::<IgnoredAny>()? {
            None => Ok(content),
            Some(_) => Err(A::Error::invalid_length(2, &"one variant")),
        }
    }
}

impl<'de, A: MapAccess<'de>> VariantAccess<'de> for Entry<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.only_content(PhantomData::<IgnoredAny>).map(|_| ())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.only_content(seed)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, _visitor: V) -> Result<V::Value, A::Error> {
        Err(A::Error::custom("no variant that travels is a tuple"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.only_content(Fields(fields, visitor))
    }
}

/// The fields of a variant, read by the derived visitor.
struct Fields<V>(&'static [&'static str], V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Fields<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, content: D) -> Result<V::Value, D::Error> {
        content.deserialize_struct("", self.0, self.1)
    }
}
