//! Newtypes for everything that is identified or counted. Used everywhere; they hold no rule but their own shape.

use std::fmt;

use serde::Serialize;
use uuid::Uuid;

/// A room's number, given by the store. The URL uses the room's [`Slug`] instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct RoomId(pub u64);

/// A member's number, given by the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct MemberId(pub u64);

/// A message's only name, minted by its author's client: a UUIDv7 (RFC 9562, section 5.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct MessageId(pub Uuid);

impl MessageId {
    /// A new id from the author's clock, in ms since the Unix epoch, and ten random bytes.
    #[must_use]
    pub fn mint(now: UnixMillis, random: [u8; 10]) -> Self {
        Self(uuid::Builder::from_unix_timestamp_millis(now.0, &random).into_uuid())
    }
}

impl std::str::FromStr for MessageId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        Uuid::try_parse(text).map(Self)
    }
}

/// The place of an event in its room's log: 1, 2, 3, with no holes. 0 is "before the first".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// The seq that must come right after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// The seq that came right before this one; 0 is before the first.
    #[must_use]
    pub const fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}

/// Which life of the store a seq belongs to. It changes when a backup is restored, and every cursor with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Epoch(pub u64);

/// Milliseconds since the Unix epoch. For display only: order comes from [`Seq`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct UnixMillis(pub u64);

/// A room's name in a URL: lower-case letters and digits of any script, and single hyphens between them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Slug(String);

impl Slug {
    /// The slug for a room's name. Never empty: a name without a letter or digit becomes `room`.
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

    /// This slug with a number behind it, for the second room of a name and those after it.
    #[must_use]
    pub fn numbered(&self, n: u32) -> Self {
        Self(format!("{}-{n}", self.0))
    }

    /// The slug as it stands in a URL, not percent-encoded.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Slug {
    /// What a URL or the store says. A slug that names no room is simply not found, so nothing is checked here.
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

display_as_inner!(RoomId, MemberId, MessageId, Seq, Epoch, UnixMillis, Slug);

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
    fn a_minted_id_is_a_version_7_uuid_that_sorts_by_time() {
        let early = MessageId::mint(UnixMillis(1_700_000_000_000), [255; 10]);
        let late = MessageId::mint(UnixMillis(1_700_000_000_001), [0; 10]);
        assert_eq!(early.0.get_version_num(), 7);
        assert!(early < late);
    }
}
