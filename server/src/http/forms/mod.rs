//! The forms of pages, which work with and without script.
//!
//! - [`body`]: reads the fields of a form from bytes
//! - [`submit`]: handles a form, and renders its page again if the form is refused

mod body;
mod submit;

pub use body::read_form;
pub(super) use submit::{create_room, join, leave, post_message};
