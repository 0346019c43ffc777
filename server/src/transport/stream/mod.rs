//! The stream: a page of a browser without script that never ends, each message written as markup when it comes. It
//! only listens; what its reader says comes by forms. When it ends all the same, the frame around it asks again.
//!
//! - [`open`]: from a place in the log to a body that goes on
//! - [`news`]: what a frame of the feed has to show
//! - [`writer`]: what one stream does all day

mod news;
mod open;
mod writer;

pub use open::{live, past};
