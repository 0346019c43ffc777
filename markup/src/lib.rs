//! Parses the text of messages, a subset of Markdown, into a typed tree. The server and the browser draw the same tree.
//! The crate knows no HTML, browser or server, and has no dependencies.
//!
//! - [`tree`]: the blocks and inlines of a text
//! - [`blocks`]: paragraphs, fenced code, quotes and lists; [`parse`]
//! - `lists`: the items of a list
//! - `inlines`: the inlines of a block; `lexer` splits its lines into `tokens`, `pairs` pairs the marks
//! - [`address`]: where a web address ends, and its host
//! - [`summary`]: the text on one line without markup, and the parts of it that are shown as typed
//! - [`emoji`]: whether a text is a few emoji only
//! - [`highlight`]: the tokens of a programming language

pub mod address;
pub mod blocks;
pub mod emoji;
pub mod highlight;
mod inlines;
mod lexer;
mod lists;
mod pairs;
pub mod summary;
mod tokens;
pub mod tree;

pub use address::host;
pub use blocks::parse;
pub use emoji::is_few_emoji;
pub use highlight::{TokenKind, highlight};
pub use summary::{plain_text, verbatim_ranges};
pub use tree::{Block, Inline, Item, List, MAX_DEPTH, Mark};
