//! Creates and locks the data folder, and makes its files private to their owner. Called by the files that open, back
//! up and restore a database; contains no SQL.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use rustix::io::Errno;

use super::{OpenError, paths};

const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;
/// The permission bits of the group and of other users.
const OTHERS: u32 = 0o077;

/// A data folder that this process has locked.
#[derive(Debug)]
pub(super) struct DataFolder {
    path: PathBuf,
    /// The system releases the lock when this file is closed, also when the process is killed.
    lock: File,
}

impl DataFolder {
    /// Creates the folder if it is missing, and locks it.
    pub(super) fn lock(path: &Path) -> Result<Self, OpenError> {
        create(path).map_err(|source| unwritable(path, source))?;
        let lock = lock(path)?;
        warn_if_others_may_enter(path);
        Ok(Self { path: path.to_owned(), lock })
    }

    /// Creates an empty database unless there is one, and gives it a mode that only the owner can use. SQLite gives its
    /// -wal and -shm files the mode of the database.
    pub(super) fn create_database(&self) -> Result<PathBuf, OpenError> {
        let database = paths::database(&self.path);
        private_file(&database, OFlags::empty()).map_err(|source| unwritable(&database, source))?;
        self.sync()?;
        Ok(database)
    }

    /// Syncs the folder, so that the names of its files are durable. Without its name, a durable file can't be found.
    pub(super) fn sync(&self) -> Result<(), OpenError> {
        sync_folder(&self.path).map_err(|source| unwritable(&self.path, source))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn unlock(&self) -> io::Result<()> {
        self.lock.unlock()
    }
}

/// Syncs a folder, so that the names of its files are durable.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Opens a file that only its owner may read, and creates it if it is missing.
pub(super) fn private_file(path: &Path, flags: OFlags) -> io::Result<File> {
    let flags = i32::try_from(flags.bits()).expect("flags of open(2) are those of an int");
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(FILE_MODE)
        .custom_flags(flags)
        .open(path)?;
    // A file that was copied here, from a backup for example, may have a wider mode.
    if file.metadata()?.permissions().mode() & 0o777 != FILE_MODE {
        file.set_permissions(Permissions::from_mode(FILE_MODE))?;
    }
    Ok(file)
}

fn create(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(folder)?;
    // Only the server uses a folder that was empty. A folder that contains other files keeps its mode.
    if fs::read_dir(folder)?.next().is_none() {
        fs::set_permissions(folder, Permissions::from_mode(FOLDER_MODE))?;
    }
    Ok(())
}

fn lock(folder: &Path) -> Result<File, OpenError> {
    let path = paths::lock(folder);
    // Following a symbolic link would let its creator make this process change another file of its user.
    let file = match private_file(&path, OFlags::NOFOLLOW) {
        Err(error) if Errno::from_io_error(&error) == Some(Errno::LOOP) => return Err(OpenError::LockIsLink { path }),
        opened => opened.map_err(|source| unwritable(&path, source))?,
    };
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { folder: folder.to_owned() }),
        Err(TryLockError::Error(source)) => Err(unwritable(&path, source)),
    }
}

fn warn_if_others_may_enter(folder: &Path) {
    let mode = fs::metadata(folder).map(|folder| folder.permissions().mode() & 0o777);
    if let Ok(mode) = mode.as_ref()
        && mode & OTHERS != 0
    {
        let folder = folder.display();
        tracing::warn!("other users may enter the data folder (mode {mode:o}); close it with: chmod 700 {folder}");
    }
}

fn unwritable(path: &Path, source: io::Error) -> OpenError {
    OpenError::Unwritable { path: path.to_owned(), source }
}
