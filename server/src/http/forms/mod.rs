//! The forms of pages, which work with and without script.
//!
//! - [`body`]: reads the fields of a form from bytes
//! - [`submit`]: does what a form asks for, or answers with its page again

mod body;
mod submit;

pub use body::read_form;
pub(super) use submit::{create_room, join, leave, post_message};
