//! Long polling and polling, which differ only in how long a poll may wait. A tab requests the frames after its
//! cursors and gets them in one response. Each frame that a tab sends is a request of its own. Called by `http::polls`, which turns
//! frames and refusals into responses.
//!
//! - [`ask`]: a poll, which returns the next frames for a tab
//! - [`kind`]: whether a poll opens its tab
//! - [`say`]: handles one frame that a tab sends
//! - [`tabs`]: the tabs that poll, and when the server forgets them
//! - [`tab`]: one tab, and which of its polls is served

mod ask;
mod kind;
mod say;
mod tab;
mod tabs;

pub use kind::PollKind;
pub use tabs::Tabs;
