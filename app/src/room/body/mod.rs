//! The text of a message, drawn from the tree of its markup. Text is inserted as text and never as HTML. The nodes are the
//! same on the server, in the browser and in the log without script.
//!
//! - [`blocks`]: paragraphs, quotes and lists; [`Body`]
//! - [`inlines`]: marked text, links and spoilers
//! - [`code`]: a block of code; `copy_button` copies it
//! - [`node`]: text and elements

mod blocks;
mod code;
mod copy_button;
mod inlines;
mod node;

pub(super) use blocks::Body;
