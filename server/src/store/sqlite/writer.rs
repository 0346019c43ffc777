//! The one connection that writes, one transaction at a time. Called by every file here that changes rows; it doesn't
//! know which rows.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::pin::Pin;
use std::sync::Arc;

use futures_util::FutureExt;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::{Mutex, Semaphore};

use super::errors;
use crate::store::StoreError;

/// Work inside a transaction. An error undoes all of it.
pub(super) type Work<'c, T, E = sqlx::Error> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>;

/// Writes that may wait for the connection, beside the commits, of which there is one at a time. One more is refused.
const WAITING_WRITES: usize = 256;

/// Whoever writes waits here for the connection.
#[derive(Debug)]
pub(super) struct Writer {
    state: Arc<Mutex<State>>,
    waiting: Arc<Semaphore>,
}

#[derive(Debug)]
enum State {
    Open(SqliteConnection),
    /// A commit failed in a way that leaves the disk unknown: nothing may be written over it.
    Broken(String),
    Closed,
}

impl Writer {
    pub(super) fn new(connection: SqliteConnection) -> Self {
        let state = Arc::new(Mutex::new(State::Open(connection)));
        Self { state, waiting: Arc::new(Semaphore::new(WAITING_WRITES)) }
    }

    /// Does the work in a transaction of its own and answers once that is on the disk. Cancellation safe as
    /// [`Writer::write_in_one`] is.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl for<'c> FnOnce(&'c mut SqliteConnection) -> Work<'c, T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let permit = Arc::clone(&self.waiting).try_acquire_owned().map_err(|_| StoreError::Busy)?;
        self.write_in_one(move |connection| {
            Box::pin(async move {
                let _permit = permit;
                transaction(connection, work).await
            })
        })
        .await
    }

    /// Does work whose last statement alone writes, which is a transaction by itself: it spares two turns of the threads.
    ///
    /// Cancellation safe: the work is a task of its own, so a caller that gives up doesn't cut it in two.
    pub(super) async fn write_in_one<T: Send + 'static>(
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

    /// Whether a write reaches the disk now: it writes what is there already.
    pub(super) async fn check(&self) -> Result<(), StoreError> {
        self.write(|connection| {
            Box::pin(async move {
                sqlx::query("UPDATE store SET epoch = epoch").execute(connection).await?;
                Ok(())
            })
        })
        .await
    }

    /// Waits for the write that is under way, and closes.
    pub(super) async fn close(&self) {
        let state = std::mem::replace(&mut *self.state.lock().await, State::Closed);
        if let State::Open(connection) = state
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the database did not close cleanly; it will recover when it is next opened");
        }
    }
}

/// Written out instead of sqlx's `Transaction`, which counts its depth wrongly for ever after SQLite has rolled back
/// by itself, as it does when the disk is full.
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

/// # Errors
/// What is written next would end up in what was left open: nothing may be.
async fn roll_back(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    match sqlx::query("ROLLBACK").execute(connection).await {
        // SQLite was faster, as it is when the disk is full.
        Err(error) if error.to_string().contains("no transaction is active") => Ok(()),
        Err(error) => Err(StoreError::Broken(error.to_string())),
        Ok(_) => Ok(()),
    }
}
