//! The log as a document of its own, for browsers without script. It is drawn on the server only and has no script.
//!
//! - [`document`]: the messages, as they arrive or as a page of older ones
//! - [`frame`]: the markup around the messages
//! - [`reconnect`]: the page that loads the document again when the document has ended

mod document;
mod frame;
mod reconnect;

pub use document::{Gap, LogDocument, LogStart};
pub use frame::log_refused;
pub(crate) use reconnect::ReconnectFrame;
pub use reconnect::reconnect_page;
