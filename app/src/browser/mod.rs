//! The browser's interfaces as plain functions: clock, clipboard, random bytes, storage and elements. Called by the rest of the
//! crate, and only in a browser; it knows nothing of a chat.

pub(crate) mod clipboard;
pub(crate) mod clock;
mod dom;
pub(crate) mod random;
pub(crate) mod storage;

pub(crate) use dom::{by_id, copy_text, is_online, lower_case, matches_media, next_to_focus, once_live};
