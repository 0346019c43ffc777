//! What the room's page displays, as signals and plain values, and the commands that a person gives. The driver (`live`)
//! writes the signals and receives the commands; the views (`room`) read the signals and give the commands. Neither
//! knows the other.
//!
//! - [`screen`]: the signals
//! - [`rows`]: the timeline as rows of a keyed list, grouped by [`arrange`]
//! - [`scroll`]: where the reader is in the timeline
//! - [`connection`], [`transport`], [`traffic`]: what the page says about its connection
//! - [`first_paint`]: what the server hands to the browser
//! - [`commands`]: what a person tells the page to do

mod arrange;
pub(crate) mod commands;
pub(crate) mod connection;
pub(crate) mod first_paint;
pub(crate) mod rows;
pub(crate) mod screen;
pub(crate) mod scroll;
pub(crate) mod traffic;
pub(crate) mod transport;

pub(crate) use commands::{Command, Commands};
pub(crate) use screen::Screen;
