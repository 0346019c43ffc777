//! The store in one SQLite file, which comes with the binary. Only `main` names this module; every other caller uses
//! [`super::Store`]. The module contains rows and SQL, and no rule of the chat.
//! - `open`, `open_error`: opens a data folder, and the errors of opening one
//! - `folder`, `paths`, `connections`: the folder and its files; connections to the database
//! - `marker`, `inspect`: what the database must hold, and what it holds; `backup`, `restore`: the commands
//! - `writer`: the one connection that writes; the pool of readers is in `connections`
//! - `commit`: carries out batches of operations; `erased` empties the -wal file after text was erased
//! - `pages`, `changed`, `details`: read messages: pages, what changed after a cursor, reactors and revisions
//! - `rooms`, `sessions`, `free_name`: rooms, sessions and members
//! - `rows`, `errors`: convert SQLite's types to this crate's types

mod backup;
mod changed;
mod commit;
mod connections;
mod details;
mod erased;
mod errors;
mod folder;
mod free_name;
mod inspect;
mod marker;
mod open;
mod open_error;
mod pages;
mod paths;
mod restore;
mod rooms;
mod rows;
mod sessions;
mod store;
#[cfg(test)]
mod tests;
mod writer;

pub use backup::{BackedUp, BackupError, backup};
pub use inspect::{Contents, DatabaseFault};
pub use open_error::OpenError;
pub use restore::{RestoreError, Restored, accept_loss, restore};
pub use store::SqliteStore;
