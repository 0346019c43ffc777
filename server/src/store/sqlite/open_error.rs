//! The errors of opening a data folder. Their texts are for the operator who starts the server or restores a backup.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::inspect::DatabaseFault;

/// Why a data folder can't be opened. The text says what to do.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The folder or a file in it can't be created, written or made private.
    #[error("can't write to {}: {source}; give this user the right to, or choose another data folder", path.display())]
    Unwritable {
        /// The folder or file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// Another server runs on this folder.
    #[error("{} is in use by another Hubbub server; stop that one, or choose another data folder", folder.display())]
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// The lock file is a symbolic link, so that opening it would change a file elsewhere.
    #[error("{} is a symbolic link; remove it", path.display())]
    LockIsLink {
        /// The lock file.
        path: PathBuf,
    },
    /// The file is no SQLite database.
    #[error("{} is not a database; move it away to start with an empty one, or restore a backup: hubbub restore BACKUP", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The file is an SQLite database of another program.
    #[error("{} is a database of another program; choose another data folder, or move it away", path.display())]
    NotHubbub {
        /// The file.
        path: PathBuf,
    },
    /// SQLite finds the file damaged.
    #[error("{} is damaged: {why}; some of it can't be read any more. Check the disk, and restore a backup: hubbub restore BACKUP", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The error of SQLite.
        why: String,
    },
    /// A newer version of Hubbub has changed the schema.
    #[error("{} was written by a newer version of Hubbub (schema {version}); run that version", path.display())]
    NewerSchema {
        /// The file.
        path: PathBuf,
        /// The version of the file's schema.
        version: i64,
    },
    /// The folder was in use, and its database is missing or has no content.
    #[error(
        "{} is missing or empty, but there was a database here; restore a backup: hubbub restore BACKUP. \
         To start with an empty database instead, remove {}", path.display(), marker.display()
    )]
    Vanished {
        /// The database.
        path: PathBuf,
        /// The marker that says that the folder was in use.
        marker: PathBuf,
    },
    /// The database has fewer events than were acknowledged.
    #[error(
        "{} has {found} events, but {expected} were stored: the newest are lost, perhaps with a damaged -wal file. \
         Restore a newer backup: hubbub restore BACKUP. Or go on without them: hubbub accept-loss", path.display()
    )]
    EventsLost {
        /// The database.
        path: PathBuf,
        /// The number of stored events, according to the marker.
        expected: u64,
        /// The number of events in the database.
        found: u64,
    },
    /// The epoch differs from the marker's: the file was exchanged by hand.
    #[error(
        "{0} is not the database that was used here before, and browsers would mix the two up. \
         To use it: hubbub restore {0}", path.display()
    )]
    Exchanged {
        /// The database.
        path: PathBuf,
    },
    /// The marker is not in the format that Hubbub writes.
    #[error("{} can't be read; if the database is complete, remove it", path.display())]
    BadMarker {
        /// The marker.
        path: PathBuf,
    },
    /// Any other error of SQLite.
    #[error("can't open {}: {why}", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// The error of SQLite.
        why: String,
    },
}

impl OpenError {
    /// Returns the error of opening the database at `path`, in which `fault` was found.
    pub(super) fn of(path: PathBuf, fault: DatabaseFault) -> Self {
        match fault {
            DatabaseFault::NotSqlite => Self::NotADatabase { path },
            DatabaseFault::NotHubbub => Self::NotHubbub { path },
            DatabaseFault::Newer { version } => Self::NewerSchema { path, version },
            DatabaseFault::Damaged { why } => Self::Damaged { path, why },
            DatabaseFault::Failed(source) => Self::Database { path, why: source.to_string() },
        }
    }
}
