//! Newtypes for ids and counters, so that a room's number can't be passed for a member's. They have no rules but the form
//! of their own value.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::{Uuid, Variant, Version};

/// A room's number, given by the store. The URL uses the room's [`Slug`] instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RoomId(pub u64);

/// A member's number, given by the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MemberId(pub u64);

/// The error for a text or a UUID that is not a UUIDv7 in its one form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a UUIDv7 in lower case with hyphens")]
pub struct NotAnId;

/// Defines an id that a client mints: a UUIDv7 (RFC 9562, section 5.7). Its text has one form, lower case with hyphens,
/// because a peer that compares texts would take two forms for two ids.
macro_rules! client_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(Uuid);

        impl $name {
            /// Returns a new id made from the client's clock and ten random bytes.
            #[must_use]
            pub fn mint(now: UnixMillis, random: [u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(now.0, &random).into_uuid())
            }

            /// Returns the UUID, for a store that has a column type for it.
            #[must_use]
            pub const fn as_uuid(&self) -> &Uuid {
                &self.0
            }

            /// Returns the time at which the id was minted, by the client's clock: the first 48 bits of a UUIDv7.
            #[must_use]
            pub fn minted_at(&self) -> UnixMillis {
                let (most_significant, _) = self.0.as_u64_pair();
                UnixMillis(most_significant >> 16)
            }
        }

        impl TryFrom<Uuid> for $name {
            type Error = NotAnId;

            fn try_from(uuid: Uuid) -> Result<Self, NotAnId> {
                let is_v7 = uuid.get_version() == Some(Version::SortRand) && uuid.get_variant() == Variant::RFC4122;
                if is_v7 { Ok(Self(uuid)) } else { Err(NotAnId) }
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let uuid = Uuid::try_parse(text).map_err(|_| NotAnId)?;
                let mut canonical = Uuid::encode_buffer();
                let is_canonical = uuid.hyphenated().encode_lower(&mut canonical) == text;
                if is_canonical { Self::try_from(uuid) } else { Err(NotAnId) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;

            fn try_from(text: String) -> Result<Self, NotAnId> {
                text.parse()
            }
        }
    };
}

client_id!(
    /// An operation's id, minted by the client when its person acts. It names the operation in the outbox, the ack, the
    /// refusal and the store.
    OpId
);
client_id!(
    /// A message's id: the id of the operation that posted it.
    MessageId
);

impl From<OpId> for MessageId {
    fn from(op: OpId) -> Self {
        Self(op.0)
    }
}

impl From<MessageId> for OpId {
    fn from(message: MessageId) -> Self {
        Self(message.0)
    }
}

/// The number of a change in its stream: 1, 2, 3, without gaps. 0 is the place before the first change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Seq(pub u64);

impl Seq {
    /// Returns the seq after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// Returns the seq before this one, or 0.
    #[must_use]
    pub const fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}

/// The life of a store that a seq belongs to. Restoring a backup starts a new epoch, so older cursors are no longer valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Epoch(pub u64);

/// Milliseconds since the Unix epoch. Times are only displayed; the order of changes comes from [`Seq`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct UnixMillis(pub u64);

/// A room's name in a URL: lower-case letters and digits of any script, and single hyphens between them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Slug(String);

impl Slug {
    /// Returns the slug for a room's name. It is never empty: a name without letters and digits becomes `room`.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        let mut slug = String::with_capacity(name.len());
        for c in name.chars().flat_map(char::to_lowercase) {
            if c.is_alphanumeric() {
                slug.push(c);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        let slug = slug.trim_end_matches('-');
        Self(if slug.is_empty() { "room".to_owned() } else { slug.to_owned() })
    }

    /// Returns the slug with a number appended, for a further room of the same name.
    #[must_use]
    pub fn numbered(&self, n: u32) -> Self {
        Self(format!("{}-{n}", self.0))
    }

    /// Returns the slug, not percent-encoded.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Slug {
    /// Takes a slug from a URL or the store. A slug that no room has is not found later, so it isn't checked here.
    fn from(text: String) -> Self {
        Self(text)
    }
}

macro_rules! display_as_inner {
    ($($id:ty),*) => {$(
        impl fmt::Display for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

display_as_inner!(RoomId, MemberId, OpId, MessageId, Seq, Epoch, UnixMillis, Slug);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_keeps_letters_and_digits_of_any_script() {
        for (name, slug) in
            [("Lobby", "lobby"), ("  Rust & Friends! ", "rust-friends"), ("お茶 3", "お茶-3"), ("¡!", "room")]
        {
            assert_eq!(Slug::from_name(name).as_str(), slug);
        }
        assert_eq!(Slug::from_name("Lobby").numbered(2).as_str(), "lobby-2");
    }

    #[test]
    fn an_id_in_another_form_than_the_canonical_one_is_no_id() {
        let canonical = "0199c8a5-4c80-7a3b-8d21-5f0e6b9a7c42";
        assert_eq!(canonical.parse::<MessageId>().map(|id| id.to_string()).as_deref(), Ok(canonical));
        for text in [
            "0199C8A5-4C80-7A3B-8D21-5F0E6B9A7C42",
            "0199c8a54c807a3b8d215f0e6b9a7c42",
            "{0199c8a5-4c80-7a3b-8d21-5f0e6b9a7c42}",
            "urn:uuid:0199c8a5-4c80-7a3b-8d21-5f0e6b9a7c42",
            " 0199c8a5-4c80-7a3b-8d21-5f0e6b9a7c42",
            // Versions 4 and 1, and version 7 of another variant.
            "0199c8a5-4c80-4a3b-8d21-5f0e6b9a7c42",
            "0199c8a5-4c80-1a3b-8d21-5f0e6b9a7c42",
            "0199c8a5-4c80-7a3b-cd21-5f0e6b9a7c42",
            "00000000-0000-0000-0000-000000000000",
            "no uuid",
            "",
        ] {
            assert_eq!(text.parse::<MessageId>(), Err(NotAnId), "{text:?}");
        }
    }

    #[test]
    fn a_minted_id_is_a_version_7_uuid_that_sorts_by_time() {
        let early = MessageId::mint(UnixMillis(1_700_000_000_000), [255; 10]);
        let late = MessageId::mint(UnixMillis(1_700_000_000_001), [0; 10]);
        assert_eq!(early.0.get_version_num(), 7);
        assert!(early < late);
        assert_eq!(early.minted_at(), UnixMillis(1_700_000_000_000));
        assert_eq!(late.to_string().parse(), Ok(late));
        assert_eq!(MessageId::from(OpId::from(late)), late);
    }
}
