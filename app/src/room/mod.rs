//! The views of a room: a component a file. They follow the signals of `state` and give its commands; they know neither
//! the engine's driver nor a connection.
//!
//! - [`layout`]: the parts of the page, and where they are
//! - [`log`]: the log as a document of its own, for browsers without script
//! - [`composer`]: the form that sends messages, with drafts and the message that is answered
//! - [`body`]: the text of a message, with its markup
//! - [`shortcuts`]: the keys that mark selected text
//! - [`wording`]: the words of the page

mod body;
pub(crate) mod composer;
mod connection;
mod describe;
mod dialogs;
mod drawer;
mod fold;
pub(crate) mod later;
mod layout;
mod log;
mod message;
mod new_room;
mod own_pages;
mod page_events;
mod people;
mod pins;
mod room_head;
mod room_list;
mod shortcuts;
mod sidebar;
mod text_area;
mod thread;
mod timeline;
mod typing;
mod walk;
pub(crate) mod wording;

pub(crate) use layout::RoomView;
pub(crate) use log::ReconnectFrame;
pub use log::{Gap, LogDocument, LogStart, log_refused, reconnect_page};
