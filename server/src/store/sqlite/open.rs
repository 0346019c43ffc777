//! Opens a data folder: lock, marker, connections, schema. Called by `main` through [`SqliteStore::open`].

use std::fs;
use std::path::Path;
use std::sync::Arc;

use hubbub_protocol::Epoch;
use sqlx::SqliteConnection;
use sqlx::migrate::MigrateError;
use sqlx::sqlite::SqliteSynchronous;

use super::erased::ErasedText;
use super::folder::DataFolder;
use super::inspect::{MIGRATIONS, inspect};
use super::marker::{Mark, Marker};
use super::rows::from_sql;
use super::writer::Writer;
use super::{OpenError, SqliteStore, connections, paths};

impl SqliteStore {
    /// Opens a data folder. Creates the folder, the database and the lobby in a folder that was never used, and brings
    /// an older schema up to date. A commit of this store is durable when it returns.
    ///
    /// # Errors
    /// [`OpenError`]; its text tells the operator what to do.
    pub async fn open(folder: &Path) -> Result<Self, OpenError> {
        Self::open_with(folder, SqliteSynchronous::Full).await
    }

    /// Opens a data folder with another `synchronous` setting than [`SqliteStore::open`]. Tests use a weaker setting to
    /// show that a commit is not durable then.
    #[doc(hidden)]
    pub async fn open_with(folder: &Path, synchronous: SqliteSynchronous) -> Result<Self, OpenError> {
        let folder = DataFolder::lock(folder)?;
        verify(folder.path()).await?;
        let database = folder.create_database()?;
        let failed = |why| OpenError::Database { path: database.clone(), why };
        let (writer, mark) = open_writer(&database, synchronous).await.map_err(|error| failed(error.to_string()))?;
        let writer = Arc::new(Writer::new(writer));
        let erased = ErasedText::emptied_at_start(&writer).await.map_err(|error| failed(error.to_string()))?;
        let readers = connections::readers(&database).await.map_err(|error| failed(error.to_string()))?;
        let marker = Marker::keep(&folder, mark)?;
        let sweeper = tokio::spawn(erased.clone().sweep(Arc::clone(&writer)));
        Ok(Self { epoch: mark.epoch, writer, readers, marker, erased, sweeper, folder })
    }
}

/// Refuses a folder whose database is damaged, is another program's, or lacks stored events. Changes nothing.
pub(super) async fn verify(folder: &Path) -> Result<(), OpenError> {
    let database = paths::database(folder);
    let has_content = fs::metadata(&database).is_ok_and(|file| file.is_file() && file.len() > 0);
    let contents =
        if has_content { inspect(&database).await.map_err(|fault| OpenError::of(database, fault))? } else { None };
    Mark::read(folder)?.map_or(Ok(()), |mark| mark.verify(folder, contents))
}

async fn open_writer(
    database: &Path,
    synchronous: SqliteSynchronous,
) -> Result<(SqliteConnection, Mark), MigrateError> {
    const MARK: &str = "SELECT epoch, (SELECT coalesce(sum(head), 0) FROM stream) FROM store";
    let mut writer = connections::writer(database, synchronous).await?;
    // `run` calls `run_direct`. It isn't used itself, because its future is not `Send`.
    MIGRATIONS.run_direct(None, &mut writer, false).await?;
    let (epoch, n_changes): (i64, i64) = sqlx::query_as(MARK).fetch_one(&mut writer).await?;
    Ok((writer, Mark { epoch: Epoch(from_sql(epoch)), n_changes: from_sql(n_changes) }))
}
