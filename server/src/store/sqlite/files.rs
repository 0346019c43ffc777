//! The data folder and the files in it: made, locked, and kept to their owner. Called by `open`; knows no SQL.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::OpenError;

const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;

/// Makes the folder and an empty database if they are missing, and locks the folder for as long as the file that it
/// answers is open. SQLite gives its -wal and -shm files the mode of the database.
pub(super) fn prepare(folder: &Path) -> Result<(File, PathBuf), OpenError> {
    make_folder(folder).map_err(|source| unwritable(folder, source))?;
    let lock = lock(folder)?;
    let database = folder.join("hubbub.db");
    private_file(&database).map_err(|source| unwritable(&database, source))?;
    // A commit is only as durable as the name of the file that it is in.
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|source| unwritable(folder, source))?;
    Ok((lock, database))
}

fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(folder)?;
    // Someone made it for us just now. One that holds other things is not ours to close to others.
    if fs::read_dir(folder)?.next().is_none() {
        fs::set_permissions(folder, Permissions::from_mode(FOLDER_MODE))?;
    }
    Ok(())
}

fn lock(folder: &Path) -> Result<File, OpenError> {
    let path = folder.join("hubbub.lock");
    let file = private_file(&path).map_err(|source| unwritable(&path, source))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { folder: folder.to_owned() }),
        Err(TryLockError::Error(source)) => Err(unwritable(&path, source)),
    }
}

fn private_file(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(FILE_MODE).open(path)?;
    // One that was copied here, from a backup say, may have come with a wider mode.
    if file.metadata()?.permissions().mode() & 0o777 != FILE_MODE {
        file.set_permissions(Permissions::from_mode(FILE_MODE))?;
    }
    Ok(file)
}

fn unwritable(path: &Path, source: io::Error) -> OpenError {
    OpenError::Unwritable { path: path.to_owned(), source }
}
