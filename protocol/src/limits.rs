//! The limits that both sides keep to. A limit of one side is a constant in that side's crate.

use std::time::Duration;

/// The largest number of characters (Unicode scalar values) of a message body, after trimming.
pub const MAX_BODY_CHARS: usize = 4_000;
/// The largest number of characters of a display name.
pub const MAX_DISPLAY_NAME_CHARS: usize = 40;
/// The largest number of characters of a room's name.
pub const MAX_ROOM_NAME_CHARS: usize = 60;
/// The largest number of characters of a room's topic.
pub const MAX_TOPIC_CHARS: usize = 250;
/// The largest size of a frame in either direction. A body of 4,000 four-byte characters fits even if all are escaped.
pub const MAX_FRAME_BYTES: usize = 64 * 1024;
/// The deepest nesting of JSON that is accepted.
pub const MAX_JSON_DEPTH: usize = 32;
/// The largest number of messages in a page.
pub const PAGE_MESSAGES: usize = 50;
/// The largest number of rows that resuming sends. A reader that missed more gets the newest page, marked as a gap.
pub const MAX_RESUME_ROWS: usize = 500;
/// The largest number of different emoji that a message has as reactions.
pub const MAX_REACTIONS: usize = 20;
/// The largest size of an emoji in UTF-8. The longest ones are families and flags of regions, of up to 35 bytes.
pub const MAX_EMOJI_BYTES: usize = 64;
/// The largest number of members that are listed for one emoji of a message.
pub const MAX_REACTORS_LISTED: usize = 50;
/// The largest number of pinned messages of a room.
pub const MAX_PINS: usize = 50;
/// The largest number of rooms that a connection follows at a time.
pub const MAX_ROOMS_PER_CONNECTION: usize = 50;
/// The largest number of members that `present` lists. With more members present it carries only their number.
pub const MAX_PRESENT_LISTED: usize = 500;
/// The shortest time between two typing hints of a client.
pub const TYPING_EVERY: Duration = Duration::from_secs(3);
/// How long a typing hint is shown.
pub const TYPING_SHOWN: Duration = Duration::from_secs(6);
/// The silence after which a peer is sent a ping.
pub const PING_AFTER: Duration = Duration::from_secs(25);
/// The silence after which a peer counts as dead and its connection is closed.
pub const DEAD_AFTER: Duration = Duration::from_secs(60);
