//! Owns the one connection that writes, and runs one transaction at a time on it. Called by every file of this folder
//! that changes rows; names no table but `store`.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::pin::Pin;
use std::sync::Arc;

use futures_util::FutureExt;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::{Mutex, Semaphore};

use super::errors;
use crate::store::StoreError;

/// Statements that run inside one transaction. An error rolls all of them back.
pub(super) type Work<'c, T, E = sqlx::Error> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>;

/// The most writes that may wait for the connection; a further write fails with [`StoreError::Busy`]. Batches of posts
/// are not counted, because the chat appends one at a time.
const WAITING_WRITES: usize = 256;

/// The connection, and the queue of writes that wait for it.
#[derive(Debug)]
pub(super) struct Writer {
    state: Arc<Mutex<State>>,
    waiting: Arc<Semaphore>,
}

#[derive(Debug)]
enum State {
    Open(SqliteConnection),
    /// A commit failed, and the content of the disk is unknown. All later writes are refused.
    Broken(String),
    Closed,
}

impl Writer {
    pub(super) fn new(connection: SqliteConnection) -> Self {
        let state = Arc::new(Mutex::new(State::Open(connection)));
        Self { state, waiting: Arc::new(Semaphore::new(WAITING_WRITES)) }
    }

    /// Runs the work in a transaction, and returns when the transaction is durable. Cancellation safe, as
    /// [`Writer::write_by_itself`] is.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl for<'c> FnOnce(&'c mut SqliteConnection) -> Work<'c, T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let permit = Arc::clone(&self.waiting).try_acquire_owned().map_err(|_| StoreError::Busy)?;
        self.write_by_itself(move |connection| {
            Box::pin(async move {
                let _permit = permit;
                transaction(connection, work).await
            })
        })
        .await
    }

    /// Runs work that begins and ends its transaction itself, which saves switches to SQLite's thread and back.
    ///
    /// Cancellation safe: the work runs in a task, which continues to its end if the caller's future is dropped.
    pub(super) async fn write_by_itself<T: Send + 'static>(
        &self,
        work: impl for<'c> FnOnce(&'c mut SqliteConnection) -> Work<'c, T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let state = Arc::clone(&self.state);
        let writing = tokio::spawn(async move {
            let mut state = state.lock().await;
            let result = match &mut *state {
                State::Open(connection) => work(connection).await,
                State::Broken(why) => Err(StoreError::Broken(why.clone())),
                State::Closed => Err(errors::failed(sqlx::Error::PoolClosed)),
            };
            if let Err(StoreError::Broken(why)) = &result {
                *state = State::Broken(why.clone());
            }
            result
        });
        writing.await.unwrap_or_else(|error| Err(StoreError::Failed(Box::new(error))))
    }

    /// Makes one durable write. It changes a row, because SQLite writes nothing for an update that changes no value.
    pub(super) async fn check(&self) -> Result<(), StoreError> {
        self.write(|connection| {
            Box::pin(async move {
                sqlx::query("UPDATE store SET n_checks = n_checks + 1").execute(connection).await?;
                Ok(())
            })
        })
        .await
    }

    /// Copies the -wal file into the database and empties it. Fails if a reader still uses a part of it.
    pub(super) async fn empty_wal(&self) -> Result<(), StoreError> {
        self.write_by_itself(|connection| {
            Box::pin(async move {
                let (is_busy, _, _): (bool, i64, i64) = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)")
                    .fetch_one(connection)
                    .await
                    .map_err(errors::failed)?;
                if is_busy { Err(StoreError::Busy) } else { Ok(()) }
            })
        })
        .await
    }

    /// Waits for the write that is running, and closes the connection.
    pub(super) async fn close(&self) {
        let state = std::mem::replace(&mut *self.state.lock().await, State::Closed);
        if let State::Open(connection) = state
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the database did not close cleanly; it will recover when it is next opened");
        }
    }
}

/// Runs the work between BEGIN and COMMIT. sqlx's `Transaction` is not used: SQLite rolls back by itself when the disk
/// is full, and after that `Transaction` counts its depth wrongly.
async fn transaction<T>(
    connection: &mut SqliteConnection,
    work: impl for<'c> FnOnce(&'c mut SqliteConnection) -> Work<'c, T>,
) -> Result<T, StoreError> {
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await.map_err(errors::failed)?;
    let failure = match AssertUnwindSafe(work(connection)).catch_unwind().await {
        Ok(Ok(done)) => match sqlx::query("COMMIT").execute(&mut *connection).await {
            Ok(_) => return Ok(done),
            Err(error) => errors::commit_failed(error),
        },
        Ok(Err(error)) => errors::failed(error),
        Err(panic) => {
            roll_back(connection).await?;
            resume_unwind(panic)
        }
    };
    roll_back(connection).await?;
    Err(failure)
}

/// Rolls back, if SQLite hasn't done so itself.
///
/// # Errors
/// [`StoreError::Broken`], because the next write would become part of the transaction, which is still open.
pub(super) async fn roll_back(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    match sqlx::query("ROLLBACK").execute(connection).await {
        // SQLite rolls back by itself when the disk is full.
        Err(error) if error.to_string().contains("no transaction is active") => Ok(()),
        Err(error) => Err(StoreError::Broken(error.to_string())),
        Ok(_) => Ok(()),
    }
}
