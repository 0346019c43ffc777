//! The stream transport: an HTML document that stays open, for browsers without script. Each new message is written to
//! it as markup; people post by forms. When a document ends, the page around its frame loads the next one.
//!
//! - [`open`]: opens a stream
//! - [`log_update`]: the messages in a frame of the feed
//! - [`writer`]: the task that writes it

mod log_update;
mod open;
mod writer;

pub use open::{live, past};
