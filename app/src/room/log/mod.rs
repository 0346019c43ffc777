//! The log as a document of its own, for browsers without script. Drawn on the server only; nothing in it runs.
//!
//! - [`document`]: the messages, as they come or as a page of the past
//! - [`frame`]: what stands around them
//! - [`keeper`]: what brings the document back once it has ended

mod document;
mod frame;
mod keeper;

pub use document::{Gap, LogDocument, LogStart};
pub use frame::log_refused;
pub(crate) use keeper::KeeperFrame;
pub use keeper::log_keeper;
