//! The numbers that both sides keep to. What is only the server's or only the client's business stands there instead.

use std::time::Duration;

/// Most characters (Unicode scalar values) of a message body, trimmed.
pub const MAX_BODY_CHARS: usize = 4_000;
/// Most characters of a display name.
pub const MAX_DISPLAY_NAME_CHARS: usize = 40;
/// Most characters of a room's name.
pub const MAX_ROOM_NAME_CHARS: usize = 60;
/// Most characters of a room's topic.
pub const MAX_TOPIC_CHARS: usize = 250;
/// Most bytes of a frame, either way. A body of 4,000 four-byte characters, every one escaped, still fits.
pub const MAX_FRAME_BYTES: usize = 64 * 1024;
/// Deepest nesting of JSON that is read.
pub const MAX_JSON_DEPTH: usize = 32;
/// Events in a page of history.
pub const HISTORY_PAGE_EVENTS: usize = 50;
/// A reader further behind than this gets a gap and the newest page instead of every event in between.
pub const MAX_RESUME_EVENTS: u64 = 500;
/// Rooms one connection may follow at a time.
pub const MAX_ROOMS_PER_CONNECTION: usize = 50;
/// Most members that a presence list names; beyond it only the count is told.
pub const MAX_PRESENT_LISTED: usize = 500;
/// A client tells that its member is typing at most this often.
pub const TYPING_EVERY: Duration = Duration::from_secs(3);
/// How long a typing hint is shown.
pub const TYPING_SHOWN: Duration = Duration::from_secs(6);
/// A peer that has said nothing for this long is asked whether it is there.
pub const PING_AFTER: Duration = Duration::from_secs(25);
/// A peer that has said nothing for this long is gone.
pub const DEAD_AFTER: Duration = Duration::from_secs(60);
