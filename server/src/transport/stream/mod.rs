//! The stream: an HTML document that doesn't end, for browsers without script. Each message is written as markup when it
//! comes; the reader posts by forms. When the document ends after all, the page around its frame loads it again.
//!
//! - [`open`]: opens a stream
//! - [`log_update`]: the messages in a frame of the feed
//! - [`writer`]: the task that writes it

mod log_update;
mod open;
mod writer;

pub use open::{live, past};
