//! Pages, rendered on the server by the app.
//!
//! - [`render`]: the handlers of pages, and the rendering itself
//! - [`backend`]: the data that a page reads, and the status and headers that it sets
//! - [`page_context`]: the visitor, and the refused form if the page is the response to one
//! - [`room_path`]: the address of a room's page
//! - [`fresh_id`]: the id of the message that a page's form posts

mod backend;
mod fresh_id;
mod page_context;
mod render;
mod room_path;

pub(super) use fresh_id::fresh_message_id;
pub(super) use page_context::{FormRefusal, PageContext};
pub(super) use render::{Pages, show, show_missing};
pub(super) use room_path::{encoded, message_uri, room_path, room_uri};
