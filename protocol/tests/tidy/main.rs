//! Checks the rules of the code that the compiler does not check: sizes, headers, the direction of dependencies,
//! circles of imports, forbidden words, names of types, links, and the tables of settings. ARCHITECTURE.md lists them.
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
