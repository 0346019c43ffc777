//! The names of the files in a data folder. Used by every file that opens one of them.

use std::path::{Path, PathBuf};

/// The database.
pub(super) fn database(folder: &Path) -> PathBuf {
    folder.join("hubbub.db")
}

/// A file that SQLite keeps beside a database: `-wal`, `-shm` or `-journal`.
pub(super) fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}

/// The file that is locked while a server runs.
pub(super) fn lock(folder: &Path) -> PathBuf {
    folder.join("hubbub.lock")
}

/// The marker.
pub(super) fn marker(folder: &Path) -> PathBuf {
    folder.join("hubbub.marker")
}
