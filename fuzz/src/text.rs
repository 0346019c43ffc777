//! What must hold of any text that a person writes. Called by the fuzz target and by `protocol/tests/seeds.rs`.

use hubbub_protocol::text::{Body, DisplayName, RoomName, Topic};
use hubbub_protocol::{MessageId, Slug, limits};

/// What people write is refused, or it is trimmed, within its limit and accepted again as it is.
pub(crate) fn check(text: &str) {
    if let Ok(body) = Body::parse(text) {
        assert!(!body.as_str().is_empty() && body.as_str().chars().count() <= limits::MAX_BODY_CHARS);
        assert_eq!(Body::parse(body.as_str()), Ok(body.clone()));
    }
    if let Ok(name) = DisplayName::parse(text) {
        assert!(!name.as_str().is_empty() && name.as_str().lines().count() == 1);
        assert_eq!(DisplayName::parse(name.as_str()), Ok(name.clone()));
        assert_eq!(name.key(), name.key().to_lowercase());
    }
    if let Ok(name) = RoomName::parse(text) {
        assert!(!name.as_str().is_empty() && name.as_str().lines().count() == 1);
        assert_eq!(RoomName::parse(name.as_str()), Ok(name.clone()));
    }
    if let Ok(topic) = Topic::parse(text) {
        assert!(topic.as_str().lines().count() <= 1);
        assert_eq!(Topic::parse(topic.as_str()), Ok(topic.clone()));
    }
    if let Ok(id) = text.parse::<MessageId>() {
        assert_eq!(id.to_string(), text);
    }
    assert!(!Slug::from_name(text).as_str().is_empty());
    assert!(!Slug::from_name(text).as_str().contains('/'));
}
