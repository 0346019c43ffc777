//! Checks that a database file is Hubbub's and undamaged, and counts its changes and rooms, without changing it. Called
//! before a database is opened, backed up or restored.

use std::path::Path;

use hubbub_protocol::Epoch;
use sqlx::migrate::Migrator;
use sqlx::{Connection, SqliteConnection};
use thiserror::Error;

use super::rows::from_sql;
use super::{connections, errors};

/// The migrations of the schema.
pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// The version of the schema from which on streams have the heads.
const STREAMS_VERSION: i64 = 4;

/// What identifies the state of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contents {
    /// The epoch of the store, which changes with each restored backup.
    pub epoch: Epoch,
    /// The number of changes in all streams: the sum of the streams' heads.
    pub n_changes: u64,
    /// The number of rooms.
    pub n_rooms: u64,
}

/// Why Hubbub can't use a file as its database.
#[derive(Debug, Error)]
pub enum DatabaseFault {
    /// SQLite doesn't know the format.
    #[error("it is not an SQLite database")]
    NotSqlite,
    /// The tables are not Hubbub's.
    #[error("it is not a database of Hubbub")]
    NotHubbub,
    /// A newer version of Hubbub has changed the schema.
    #[error("it was written by a newer version of Hubbub (schema {version})")]
    Newer {
        /// The version of the file's schema.
        version: i64,
    },
    /// SQLite finds pages that contradict each other, or a page that ends too early.
    #[error("it is damaged: {why}")]
    Damaged {
        /// The error of SQLite.
        why: String,
    },
    /// Any other error of SQLite.
    #[error(transparent)]
    Failed(sqlx::Error),
}

/// Returns the contents of a database; None if its schema was never created.
pub(super) async fn inspect(database: &Path) -> Result<Option<Contents>, DatabaseFault> {
    let mut connection = connections::reader(database).await.map_err(fault)?;
    let contents = contents(&mut connection).await;
    connection.close().await.map_err(fault)?;
    contents
}

/// Returns the same as [`inspect`], after SQLite's `integrity_check` of every page.
pub(super) async fn inspect_all(database: &Path) -> Result<Option<Contents>, DatabaseFault> {
    let contents = inspect(database).await?;
    let mut connection = connections::reader(database).await.map_err(fault)?;
    let found = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut connection).await;
    connection.close().await.map_err(fault)?;
    let found: String = found.map_err(fault)?;
    // SQLite reports a fault in two lines; the second line names the fault.
    match found.lines().last() {
        Some("ok") => Ok(contents),
        why => Err(DatabaseFault::Damaged { why: why.unwrap_or("the check found a fault").to_owned() }),
    }
}

async fn contents(connection: &mut SqliteConnection) -> Result<Option<Contents>, DatabaseFault> {
    const TABLES: &str = "
        SELECT count(*) FILTER (WHERE name IN ('store', 'room', '_sqlx_migrations')), count(*)
        FROM sqlite_schema WHERE type = 'table'";
    const CONTENTS: &str =
        "SELECT epoch, (SELECT coalesce(sum(head), 0) FROM stream), (SELECT count(*) FROM room) FROM store";
    /// The same of a schema before version 4, where the rooms have the heads.
    const OLDER_CONTENTS: &str =
        "SELECT epoch, (SELECT coalesce(sum(head), 0) FROM room), (SELECT count(*) FROM room) FROM store";

    let (n_ours, n_tables): (i64, i64) = sqlx::query_as(TABLES).fetch_one(&mut *connection).await.map_err(fault)?;
    match (n_ours, n_tables) {
        // (1, 1): the server was stopped during its first start, when only the table of the migrations existed.
        (0, 0) | (1, 1) => return Ok(None),
        (3, _) => {}
        _ => return Err(DatabaseFault::NotHubbub),
    }
    let version: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
        .fetch_one(&mut *connection)
        .await
        .map_err(fault)?;
    let newest_known = MIGRATIONS.iter().map(|step| step.version).max();
    if let Some(version) = version
        && Some(version) > newest_known
    {
        return Err(DatabaseFault::Newer { version });
    }
    let statement = if version.is_some_and(|version| version >= STREAMS_VERSION) { CONTENTS } else { OLDER_CONTENTS };
    let (epoch, n_changes, n_rooms): (i64, i64, i64) =
        sqlx::query_as(statement).fetch_one(connection).await.map_err(fault)?;
    Ok(Some(Contents { epoch: Epoch(from_sql(epoch)), n_changes: from_sql(n_changes), n_rooms: from_sql(n_rooms) }))
}

fn fault(error: sqlx::Error) -> DatabaseFault {
    match errors::code(&error).map(errors::primary) {
        Some(errors::SQLITE_NOTADB) => DatabaseFault::NotSqlite,
        Some(errors::SQLITE_CORRUPT) => DatabaseFault::Damaged { why: error.to_string() },
        // A table or a column of Hubbub's schema is missing.
        Some(errors::SQLITE_ERROR) => DatabaseFault::NotHubbub,
        _ => DatabaseFault::Failed(error),
    }
}
