//! What the room's page displays, as signals and plain values, and the commands that a person gives. The driver (`live`)
//! writes the signals and receives the commands; the views (`room`) read the signals and give the commands. Neither
//! knows the other.
//!
//! - [`screen`]: the signals; `timeline`: how those of the timeline follow the engine and the reader
//! - [`rows`]: the timeline as rows of a keyed list, grouped by [`arrange`]; `message_row`, `shown_message`: one row
//! - [`details`]: what is shown beside the timeline: pins, a thread, who reacted, earlier texts
//! - [`past`]: what lies before the oldest message
//! - [`scroll`]: where the reader is in the timeline; [`anchor`]: the message that holds its position on the screen;
//!   [`window`]: which messages are drawn; [`arrivals`]: how many arrived below
//! - [`connection`], [`transport`], [`traffic`]: what the page says about its connection
//! - [`acting`]: what the person is doing with messages; [`emoji`]: the emoji to react with
//! - [`later`]: the parts of the page that are loaded when a person first acts
//! - [`first_paint`]: what the server hands to the browser
//! - [`commands`]: what a person tells the page to do; [`put`]: how signals are set

pub(crate) mod acting;
mod anchor;
mod arrange;
mod arrivals;
pub(crate) mod commands;
pub(crate) mod connection;
pub(crate) mod details;
pub(crate) mod emoji;
pub(crate) mod first_paint;
pub(crate) mod later;
mod message_row;
pub(crate) mod past;
pub(crate) mod put;
pub(crate) mod rows;
pub(crate) mod screen;
pub(crate) mod scroll;
mod shown_message;
mod timeline;
pub(crate) mod traffic;
pub(crate) mod transport;
pub(crate) mod window;

pub(crate) use commands::{Command, Commands};
pub(crate) use screen::Screen;
