//! Handles the frames of one client: calls the chat, and collects the frames that respond. The WebSocket and polling
//! transports call it. It knows neither sockets nor HTTP, and the rules are the chat's.
//!
//! - [`handler`]: reads each frame, and handles operations, queries and typing
//! - [`rooms`]: follows the rooms that the client names
//! - [`handled`]: the result of handling a frame

mod handled;
mod handler;
mod rooms;

pub(super) use handled::Handled;
pub(super) use handler::{FrameHandler, SESSION_CHECK_INTERVAL};
