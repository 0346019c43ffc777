//! The store in one SQLite file: what runs when nothing else is set up. Named by `main` alone; everyone else sees
//! [`super::Store`]. It knows rows and SQL, and no rule of the chat.
//!
//! - `open`, `files`: the data folder, its lock and its file modes, and the schema
//! - `writer`: the one connection that writes; a pool of others reads
//! - `append`: the log grows; `events`: the log is read
//! - `rooms`, `sessions`, `free_name`: everything else that lasts
//! - `rows`, `errors`: from SQLite's words to ours

mod append;
mod errors;
mod events;
mod files;
mod free_name;
mod open;
mod rooms;
mod rows;
mod sessions;
mod store;
#[cfg(test)]
mod tests;
mod writer;

pub use open::OpenError;
pub use store::SqliteStore;
