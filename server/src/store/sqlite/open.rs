//! Opens a data folder: files, connections, schema. Called by `main` through [`SqliteStore::open`]; what it can't
//! mend it explains to the person who started the server.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hubbub_protocol::Epoch;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqliteConnection, SqlitePool};
use thiserror::Error;

use super::rows::from_sql;
use super::writer::Writer;
use super::{SqliteStore, errors, files};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// Connections that read. They wait for the disk more than for the processor.
const N_READERS: u32 = 4;
/// How long to wait for someone else's lock: a person at the sqlite3 shell; no one else comes here. Less than the 5 s
/// after which a store counts as stalled (DESIGN, section 2.9).
const BUSY_TIMEOUT: Duration = Duration::from_secs(3);
/// Pages that a connection keeps, in KiB (negative is how SQLite is told so). Batches of 64 and pages of 50 are as
/// fast as with its default of 2,000, since the system caches the same pages once for all connections.
const CACHE_KIB: &str = "-500";
/// Pages of the write-ahead log before they are moved into the database: 32 MB. Whoever posts at that moment waits
/// for it, and a busy room brings SQLite's default of 1,000 eight times as often.
const CHECKPOINT_PAGES: &str = "8000";

/// Why a data folder can't be opened, in words for the person who started the server.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The folder or a file in it can't be made, written or kept private.
    #[error("can't write to {}: {source}; give this user the right to, or choose another data folder", path.display())]
    Unwritable {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another server runs on this folder.
    #[error("{} is in use by another Hubbub server; stop that one, or choose another data folder", folder.display())]
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// The file is something else.
    #[error("{} is not a database, or is damaged; move it away to start afresh, or restore a backup", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// A newer version has been here.
    #[error("{} was written by a newer version of Hubbub (schema {version}); run that version", path.display())]
    NewerSchema {
        /// The file.
        path: PathBuf,
        /// The number of the first step of its schema that this build doesn't know.
        version: i64,
    },
    /// Anything else that SQLite says.
    #[error("can't open {}: {source}", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl SqliteStore {
    /// Opens the data folder. Makes the folder, the database and the lobby if they are missing, and brings an older
    /// schema up to date.
    ///
    /// # Errors
    /// [`OpenError`] tells a person what to do.
    pub async fn open(folder: &Path) -> Result<Self, OpenError> {
        let (lock, database) = files::prepare(folder)?;
        let (writer, epoch) = open_writer(&database).await.map_err(|error| explain(database.clone(), error))?;
        let readers = open_readers(&database).await.map_err(|error| explain(database, error.into()))?;
        Ok(Self { epoch, writer: Writer::new(writer), readers, lock })
    }
}

async fn open_writer(database: &Path) -> Result<(SqliteConnection, Epoch), MigrateError> {
    let mut writer = options(database)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        .foreign_keys(true)
        .connect()
        .await?;
    // `run` would make this future one that can't be sent to another thread; this is what it calls.
    MIGRATIONS.run_direct(None, &mut writer, false).await?;
    let epoch: i64 = sqlx::query_scalar("SELECT epoch FROM store").fetch_one(&mut writer).await?;
    Ok((writer, Epoch(from_sql(epoch))))
}

async fn open_readers(database: &Path) -> Result<SqlitePool, sqlx::Error> {
    SqlitePoolOptions::new()
        .max_connections(N_READERS)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(options(database).read_only(true))
        .await
}

fn options(database: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(database)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("cache_size", CACHE_KIB)
        .disable_statement_logging()
}

fn explain(path: PathBuf, error: MigrateError) -> OpenError {
    match error {
        MigrateError::VersionMissing(version) => OpenError::NewerSchema { path, version },
        MigrateError::Execute(error) if errors::code(&error) == Some(errors::SQLITE_NOTADB) => {
            OpenError::NotADatabase { path }
        }
        error => OpenError::Database { path, source: Box::new(error) },
    }
}
