//! Checks the rules of the code that the compiler does not check: sizes, headers, the direction of dependencies, circles
//! of imports, forbidden words, and the tables of settings in the documents. ARCHITECTURE.md gives the reasons.
//!
//! The test reads the files of all crates and links none of them. It is in this crate because this crate builds fast:
//! `cargo test -p hubbub-protocol --test tidy` answers within seconds.

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
