//! The store in one SQLite file, which comes with the binary. Only `main` names this module; every other caller uses
//! [`super::Store`]. The module contains rows and SQL, and no rule of the chat.
//!
//! - `open`, `open_error`: opens a data folder, and the errors of opening one
//! - `folder`, `paths`, `connections`: the folder and its files; connections to the database
//! - `marker`, `inspect`: the number of events that the database must hold, and what it holds
//! - `backup`, `restore`: the commands of these names
//! - `writer`: the one connection that writes; the pool of readers is in `connections`
//! - `append`: adds to the log; `events`: reads the log
//! - `rooms`, `sessions`, `free_name`: rooms, sessions and members
//! - `rows`, `errors`: convert SQLite's types to this crate's types

mod append;
mod backup;
mod connections;
mod errors;
mod events;
mod folder;
mod free_name;
mod inspect;
mod marker;
mod open;
mod open_error;
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
