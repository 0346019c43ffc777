//! The forms of pages, which work with and without script.
//!
//! - [`body`]: reads the fields of a form from bytes
//! - [`submit`]: handles a form, and renders its page again if the form is refused

mod act;
mod body;
mod submit;

pub(super) use act::act_on_message;
pub use body::read_form;
pub(super) use submit::{create_room, join, leave, post_message};
