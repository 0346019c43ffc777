//! Long polling and polling: one thing with two waits. A client asks for what comes after its cursors, and is answered
//! once; what it says goes by requests of its own. Called by http, which turns frames and refusals into answers.
//!
//! - [`ask`]: what there is, at once or when it comes
//! - [`say`]: one frame of the client's
//! - [`tabs`]: the tabs that ask, and when they are forgotten
//! - [`tab`]: one of them: its conversation, and whose turn it is

mod ask;
mod say;
mod tab;
mod tabs;

pub use ask::Ask;
pub use tabs::Tabs;
