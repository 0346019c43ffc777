//! Connects to the database file: by one connection that writes, by a pool that reads, or by one connection that reads.
//! Called by the files that open, check, back up and restore a database; names no table.

use std::cmp::Ordering;
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqliteConnection, SqlitePool};

use super::paths::beside;

/// The number of connections in the pool. They wait for the disk more than for the processor.
const N_READERS: u32 = 4;
/// How long a statement waits for another process's lock, such as that of an open `sqlite3` shell. Less than the 5 s
/// after which the store counts as stalled (DESIGN, section 2.9).
const BUSY_TIMEOUT: Duration = Duration::from_secs(3);
/// Page cache of one connection. SQLite reads a negative number as KiB. Measured: batches of 64 and pages of 50 are as
/// fast as with SQLite's default of 2,000 KiB, because the system caches the same pages once for all connections.
const CACHE_KIB: &str = "-500";
/// Pages of the write-ahead log at which SQLite copies them into the database: 32 MB. A commit at that moment waits for
/// the copy, and SQLite's default of 1,000 pages makes such a wait eight times as frequent.
const CHECKPOINT_PAGES: &str = "8000";

/// Opens the connection that writes. [`SqliteSynchronous::Full`] makes a commit durable before it returns.
pub(super) async fn writer(database: &Path, synchronous: SqliteSynchronous) -> Result<SqliteConnection, sqlx::Error> {
    options(database)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        // Deleted text is overwritten with zeroes, and no copy of it goes to a temporary file.
        .pragma("secure_delete", "ON")
        .pragma("temp_store", "MEMORY")
        .foreign_keys(true)
        .connect()
        .await
}

/// Opens the pool of connections that read while the server runs.
pub(super) async fn readers(database: &Path) -> Result<SqlitePool, sqlx::Error> {
    SqlitePoolOptions::new()
        .max_connections(N_READERS)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(options(database).read_only(true))
        .await
}

/// Opens one connection that reads. Closing it changes neither the database nor its -wal file, unlike closing a writer.
///
/// The exception is a database with a rollback journal, which a crash can leave when a database is created or restored.
/// SQLite must roll the journal back before any read, and needs a connection that can write for that.
pub(super) async fn reader(database: &Path) -> Result<SqliteConnection, sqlx::Error> {
    let has_journal = beside(database, "-journal").exists();
    options(database).read_only(!has_journal).connect().await
}

fn options(database: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(database)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("cache_size", CACHE_KIB)
        .collation("anycase", in_any_case)
        .disable_statement_logging()
}

/// Compares two texts without regard to case, in every script. SQLite's `NOCASE` knows the 26 letters of ASCII only.
fn in_any_case(one: &str, other: &str) -> Ordering {
    one.chars().flat_map(char::to_lowercase).cmp(other.chars().flat_map(char::to_lowercase))
}
