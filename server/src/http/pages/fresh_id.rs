//! Makes the ids of messages that are posted by a form. Called by `backend`, for a form that is about to be shown, and by
//! `forms`, for one that came without an id.

use std::time::{SystemTime, UNIX_EPOCH};

use hubbub_protocol::{MessageId, UnixMillis};

/// An id that no other message has.
pub(in crate::http) fn fresh_message_id() -> MessageId {
    let mut random = [0; 10];
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    // Without random bytes, two forms of one millisecond share an id, and the second post is refused as a conflict.
    let _ = getrandom::fill(&mut random);
    MessageId::mint(UnixMillis(u64::try_from(now.as_millis()).unwrap_or(u64::MAX)), random)
}
