//! The room: the one island of its page. The server draws it, the browser takes it over.
//!
//! - [`chat`]: the island, and how its parts stand
//! - [`first_paint`]: what the server hands to it
//! - [`screen`]: what is shown, as signals; components read it and `live` writes it; [`shown`]: the values in it
//! - [`arrange`], [`rows`]: the timeline as a keyed list, grouped by author and day
//! - [`scroll`]: where the reader is in it
//! - [`log`]: the log as a document of its own, for browsers without script
//! - [`links`], [`wording`]: plain text rules, tested natively; the rest: a component each

mod arrange;
mod body;
mod chat;
mod composer;
mod connection;
pub(crate) mod connection_panel;
mod first_paint;
mod links;
mod log;
mod message;
mod new_room;
mod people;
mod room_head;
mod row_list;
pub(crate) mod rows;
mod screen;
mod scroll;
mod shown;
mod sidebar;
mod timeline;
mod typing;
pub(crate) mod wording;

pub(crate) use composer::show_draft;
pub(crate) use first_paint::PaintedChat;
pub(crate) use log::KeeperFrame;
pub use log::{Gap, LogDocument, LogStart, log_keeper, log_refused};
pub(crate) use screen::Screen;
pub(crate) use shown::{News, Panel, Voice, past, put};
