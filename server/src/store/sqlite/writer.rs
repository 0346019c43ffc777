//! The one connection that writes, one transaction at a time. Called by every file here that changes rows; it doesn't
//! know which rows.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::pin::Pin;
use std::sync::Arc;

use futures_util::FutureExt;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::Mutex;

use super::errors;
use crate::store::StoreError;

/// Work inside a transaction. An error undoes all of it.
pub(super) type Work<'c, T, E = sqlx::Error> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>;

/// Whoever writes waits here for the connection. The chat bounds how many do.
#[derive(Debug)]
pub(super) struct Writer(Arc<Mutex<State>>);

#[derive(Debug)]
enum State {
    Open(SqliteConnection),
    /// A commit failed in a way that leaves the disk unknown: nothing may be written over it.
    Broken(String),
    Closed,
}

impl Writer {
    pub(super) fn new(connection: SqliteConnection) -> Self {
        Self(Arc::new(Mutex::new(State::Open(connection))))
    }

    /// Does the work in a transaction of its own and answers once that is on the disk. Cancellation safe as
    /// [`Writer::write_in_one`] is.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl for<'c> FnOnce(&'c mut SqliteConnection) -> Work<'c, T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.write_in_one(|connection| Box::pin(transaction(connection, work))).await
    }

    /// Does work whose last statement alone writes, which is a transaction by itself: it spares two turns of the threads.
    ///
    /// Cancellation safe: the work is a task of its own, so a caller that gives up doesn't cut it in two.
    pub(super) async fn write_in_one<T: Send + 'static>(
        &self,
        work: impl for<'c> FnOnce(&'c mut SqliteConnection) -> Work<'c, T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let state = Arc::clone(&self.0);
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
        let state = std::mem::replace(&mut *self.0.lock().await, State::Closed);
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
            // What is written next must not end up in what was left open.
            roll_back(connection).await;
            resume_unwind(panic)
        }
    };
    roll_back(connection).await;
    Err(failure)
}

async fn roll_back(connection: &mut SqliteConnection) {
    if let Err(error) = sqlx::query("ROLLBACK").execute(connection).await {
        // Mostly that there is no transaction any more, because SQLite was faster.
        tracing::debug!(%error, "nothing to roll back");
    }
}
