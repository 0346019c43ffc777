//! The rules of the house that a compiler doesn't know: sizes, headers, which way dependencies point, words that have no
//! place, and settings that the documents must not forget. ARCHITECTURE.md gives the reasons.
//!
//! It reads every crate's files and links none of them. It stands here because this crate needs nothing that takes long
//! to build, so `cargo test -p hubbub-protocol --test tidy` answers within seconds.

mod circles;
mod directions;
mod headers;
mod links;
mod modules;
mod paths;
mod settings;
mod sizes;
mod sources;
mod types;
mod words;
