//! The store in one SQLite file, which comes with the binary. Named by `main` alone; every other caller sees
//! [`super::Store`]. It knows rows and SQL, and no rule of the chat.
//!
//! - `open`, `open_error`: opens a data folder, or says why not
//! - `folder`, `paths`, `connections`: the folder and its files; connections to the database
//! - `marker`, `inspect`: what the database must hold, and what it does hold
//! - `backup`, `restore`: the commands of these names
//! - `writer`: the one connection that writes; a pool of others reads
//! - `append`: adds to the log; `events`: reads the log
//! - `rooms`, `sessions`, `free_name`: everything else that lasts
//! - `rows`, `errors`: from SQLite's types to ours

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
