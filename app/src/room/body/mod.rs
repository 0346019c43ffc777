//! The text of a message, drawn from the tree of its markup. Text is inserted as text and never as HTML. The nodes are the
//! same on the server, in the browser and in the log without script.
//!
//! - [`body_view`]: the body, on the server and in the browser; [`Body`]
//! - [`blocks`]: paragraphs, quotes and lists
//! - [`inlines`]: marked text, links and spoilers
//! - [`code`]: a block of code
//! - [`node`]: text and elements

mod blocks;
mod body_view;
mod code;
mod inlines;
mod node;

pub(super) use body_view::Body;
