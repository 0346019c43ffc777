//! Splits code into tokens to colour: comments, strings, numbers and keywords. The code is not parsed.
//!
//! - [`tokens`]: the lexer of all languages; [`highlight`]
//! - `languages`: the comments, quotes and keywords of each language

mod languages;
pub mod tokens;

pub use tokens::{TokenKind, highlight};
