//! `hubbub backup FILE`: copies the database into one file while a server runs on it. Called by `main`, in a process of
//! its own; it needs no lock, because SQLite gives it one state of the database however long the copy takes.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sqlx::Connection;
use thiserror::Error;

use super::folder::sync_folder;
use super::inspect::{Contents, DatabaseFault, inspect, inspect_all};
use super::marker::Mark;
use super::{OpenError, connections, paths};

/// A backup that was checked and is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackedUp {
    file: PathBuf,
    contents: Contents,
}

impl fmt::Display for BackedUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Contents { n_changes, n_rooms, .. } = self.contents;
        write!(
            f,
            "{} holds {n_changes} events of {n_rooms} rooms, and every page of it was checked",
            self.file.display()
        )
    }
}

/// Why no backup was made. No file remains.
#[derive(Debug, Error)]
pub enum BackupError {
    /// A file of that name exists.
    #[error("{} exists already; choose another name", file.display())]
    Exists {
        /// The file.
        file: PathBuf,
    },
    /// The data folder has no database.
    #[error("{} has no database to back up; name the data folder with --data", folder.display())]
    NoDatabase {
        /// The folder.
        folder: PathBuf,
    },
    /// The database lacks stored events, or is damaged.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// The file can't be written.
    #[error("can't write {}: {source}", file.display())]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// The error of the system or of SQLite.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The copy is damaged, or holds less than the database.
    #[error("the copy of the database failed its check: {why}")]
    Wrong {
        /// What the check found.
        why: String,
    },
}

/// Copies the database of a data folder into a new file that only its owner may read. The file holds every event that
/// was acknowledged before the call, and appears under its name only when it is complete, checked and durable.
///
/// # Errors
/// [`BackupError`]; then the file is not created.
pub async fn backup(folder: &Path, file: &Path) -> Result<BackedUp, BackupError> {
    let database = paths::database(folder);
    if fs::metadata(&database).map_or(true, |file| file.len() == 0) {
        return Err(BackupError::NoDatabase { folder: folder.to_owned() });
    }
    // The marker is read before the database. A commit between the two reads can't make the marker larger.
    let mark = Mark::read(folder)?;
    let contents = inspect(&database).await.map_err(|fault| OpenError::of(database.clone(), fault))?;
    mark.map_or(Ok(()), |mark| mark.verify(folder, contents))?;
    let contents = contents.ok_or_else(|| BackupError::NoDatabase { folder: folder.to_owned() })?;
    if fs::symlink_metadata(file).is_ok() {
        return Err(BackupError::Exists { file: file.to_owned() });
    }
    let unwritable = |source| BackupError::Unwritable { file: file.to_owned(), source };

    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let copy = tempfile::Builder::new().prefix(".hubbub-backup-").tempfile_in(parent);
    let copy = copy.map_err(|source| unwritable(source.into()))?;
    copy_into(&database, copy.path()).await.map_err(|error| unwritable(error.into()))?;
    let copied = check(copy.path(), contents).await?;
    copy.as_file().sync_all().map_err(|source| unwritable(source.into()))?;
    copy.persist_noclobber(file).map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Exists { file: file.to_owned() },
        _ => unwritable(error.error.into()),
    })?;
    sync_folder(parent).map_err(|source| unwritable(source.into()))?;
    Ok(BackedUp { file: file.to_owned(), contents: copied })
}

/// Copies with `VACUUM INTO`, which reads in one transaction and leaves out deleted rows and free pages.
async fn copy_into(database: &Path, copy: &Path) -> Result<(), sqlx::Error> {
    let copy = copy.to_str().ok_or_else(|| sqlx::Error::Configuration("its path is no UTF-8".into()))?;
    let mut connection = connections::reader(database).await?;
    sqlx::query("VACUUM INTO ?1").bind(copy).execute(&mut connection).await?;
    connection.close().await
}

/// Returns the contents of the copy. The copy must have the epoch of the database, and at least as many events as the
/// database had before.
async fn check(copy: &Path, before: Contents) -> Result<Contents, BackupError> {
    let wrong = |why: String| BackupError::Wrong { why };
    match inspect_all(copy).await.map_err(|fault: DatabaseFault| wrong(fault.to_string()))? {
        Some(copied) if copied.epoch == before.epoch && copied.n_changes >= before.n_changes => Ok(copied),
        other => Err(wrong(format!("it holds {other:?}, and the database {before:?}"))),
    }
}
