//! Pages, rendered on the server by the app.
//!
//! - [`render`]: the handlers of pages, and the rendering itself
//! - [`door`]: what a page may see of the server, and the status and headers that it sets
//! - [`occasion`]: who a page is rendered for, and the form that it answers
//! - [`room_path`]: the address of a room's page
//! - [`fresh_id`]: the id of the message that a page's form posts

mod door;
mod fresh_id;
mod occasion;
mod render;
mod room_path;

pub(super) use fresh_id::fresh_message_id;
pub(super) use occasion::{FormRefusal, Occasion};
pub(super) use render::{Pages, show, show_missing};
pub(super) use room_path::{encoded, room_path, room_uri};
