//! `hubbub restore BACKUP` and `hubbub accept-loss`: give a backup, or a database that lacks events, a new epoch.
//! Called by `main` while no server runs on the data folder.
//!
//! A browser that sees a new epoch drops its stored events. It must, because the log has lost events that the browser
//! may have seen, and gives the seqs of the lost events to new ones.

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use sqlx::Connection;
use sqlx::sqlite::SqliteSynchronous;
use thiserror::Error;

use super::folder::{DataFolder, private_file};
use super::inspect::{Contents, DatabaseFault, inspect_all};
use super::marker::Mark;
use super::paths::{self, beside};
use super::{OpenError, connections};

/// The database of a data folder after it has got a new epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    contents: Contents,
    /// The database that was there before.
    replaced: Option<PathBuf>,
}

impl fmt::Display for Restored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Contents { n_changes, n_rooms, .. } = self.contents;
        write!(f, "the database now holds {n_changes} events of {n_rooms} rooms, and browsers will start from it")?;
        let Some(replaced) = &self.replaced else { return Ok(()) };
        write!(f, "; the database that was there is kept as {}", replaced.display())
    }
}

/// Why a restore failed. The data folder is unchanged.
#[derive(Debug, Error)]
pub enum RestoreError {
    /// The data folder can't be used.
    #[error(transparent)]
    Folder(#[from] OpenError),
    /// The backup can't be read.
    #[error("can't read {}: {source}", backup.display())]
    Unreadable {
        /// The backup.
        backup: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The backup is damaged, or no database of Hubbub.
    #[error("{} can't be used: {fault}", backup.display())]
    Unusable {
        /// The backup, or the database whose loss is to be accepted.
        backup: PathBuf,
        /// What the check found.
        fault: DatabaseFault,
    },
    /// The file has no content.
    #[error("{} can't be used: it holds no database", backup.display())]
    Empty {
        /// The backup, or the database whose loss is to be accepted.
        backup: PathBuf,
    },
    /// A file of the data folder can't be written.
    #[error("can't write to {}: {source}", folder.display())]
    Unwritable {
        /// The folder.
        folder: PathBuf,
        /// The error of the system or of SQLite.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Puts a copy of a backup in the place of the database of a data folder, under a new epoch. Keeps the database that it
/// replaces, and doesn't change the backup.
///
/// # Errors
/// [`RestoreError`]; then the data folder is as it was.
pub async fn restore(folder: &Path, backup: &Path) -> Result<Restored, RestoreError> {
    let folder = DataFolder::lock(folder)?;
    let copies = tempfile::Builder::new().prefix(".hubbub-restore-").tempdir_in(folder.path());
    let copies = copies.map_err(|source| unwritable(&folder, source))?;
    let copy = copies.path().join("hubbub.db");
    copy_database(backup, &copy).map_err(|source| RestoreError::Unreadable { backup: backup.to_owned(), source })?;
    let contents = begin_new_life(&folder, &copy, backup).await?;
    let put_in_place = || -> Result<Option<PathBuf>, RestoreError> {
        File::open(&copy).and_then(|copy| copy.sync_all()).map_err(|source| unwritable(&folder, source))?;
        // The marker is written first. After a crash between the two steps, no server opens the folder until a restore.
        Mark::of(contents).write(&folder)?;
        let replaced = set_aside(&folder).map_err(|source| unwritable(&folder, source))?;
        fs::rename(&copy, paths::database(folder.path())).map_err(|source| unwritable(&folder, source))?;
        folder.create_database()?;
        Ok(replaced)
    };
    Ok(Restored { contents, replaced: put_in_place()? })
}

/// Gives the database of a data folder a new epoch, so that a server opens it although events are missing.
///
/// # Errors
/// [`RestoreError`]; then the data folder is as it was.
pub async fn accept_loss(folder: &Path) -> Result<Restored, RestoreError> {
    let folder = DataFolder::lock(folder)?;
    let database = paths::database(folder.path());
    if fs::metadata(&database).map_or(true, |file| file.len() == 0) {
        return Err(RestoreError::Empty { backup: database });
    }
    let contents = begin_new_life(&folder, &database, &database).await?;
    Mark::of(contents).write(&folder)?;
    Ok(Restored { contents, replaced: None })
}

/// Copies a database, and the -wal file that a copy of a running server's folder may have.
fn copy_database(from: &Path, to: &Path) -> io::Result<()> {
    copy_file(from, to)?;
    match copy_file(&beside(from, "-wal"), &beside(to, "-wal")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn copy_file(from: &Path, to: &Path) -> io::Result<u64> {
    io::copy(&mut File::open(from)?, &mut private_file(to, OFlags::empty())?)
}

/// Checks every page of a database, and gives it a new epoch. Errors name the database by the path `named`.
async fn begin_new_life(folder: &DataFolder, database: &Path, named: &Path) -> Result<Contents, RestoreError> {
    let unusable = |fault| RestoreError::Unusable { backup: named.to_owned(), fault };
    let contents = inspect_all(database).await.map_err(unusable)?;
    contents.ok_or_else(|| RestoreError::Empty { backup: named.to_owned() })?;
    let changed: Result<(), sqlx::Error> = async {
        let mut writer = connections::writer(database, SqliteSynchronous::Full).await?;
        sqlx::query("UPDATE store SET epoch = random() & 0xffffffffffff").execute(&mut writer).await?;
        // Closing the only connection copies the -wal file into the database.
        writer.close().await
    }
    .await;
    changed.map_err(|error| unwritable(folder, error))?;
    let contents = inspect_all(database).await.map_err(unusable)?;
    contents.ok_or_else(|| RestoreError::Empty { backup: named.to_owned() })
}

/// Renames the database and its -wal and -shm files to a free name, and returns the name if a database existed. SQLite
/// would read a -wal file that stayed as part of the next database.
fn set_aside(folder: &DataFolder) -> io::Result<Option<PathBuf>> {
    let database = paths::database(folder.path());
    let mut names = (1..).map(|n| beside(&database, &format!(".replaced-{n}")));
    let is_free = |name: &PathBuf| !name.exists() && !beside(name, "-wal").exists();
    let aside = names.find(is_free).expect("the numbers don't end");
    let was_there = rename_if_there(&database, &aside)?;
    rename_if_there(&beside(&database, "-wal"), &beside(&aside, "-wal"))?;
    rename_if_there(&beside(&database, "-shm"), &beside(&aside, "-shm"))?;
    Ok(was_there.then_some(aside))
}

fn rename_if_there(from: &Path, to: &Path) -> io::Result<bool> {
    match fs::rename(from, to) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn unwritable(folder: &DataFolder, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> RestoreError {
    RestoreError::Unwritable { folder: folder.path().to_owned(), source: source.into() }
}
