//! The stream: a page of a browser without script that never ends, each message written as markup when it comes. It
//! only listens; what its reader says comes by forms.
//!
//! - [`open`]: from a cursor to a body that goes on
//! - [`writer`]: what one stream does all day

mod open;
mod writer;

pub use open::{Streamed, open};
