//! Carries out a batch of operations in one transaction: loads the rows, decides, saves. Called by `store`, after the chat
//! has checked the operations' content and who may use the room.
//!
//! A batch of any length takes two calls of SQLite's thread, one that loads and one that saves. Each call is a switch to
//! that thread and back, and with a thousand readers the switch costs more than the statements.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use sqlx::SqliteConnection;

use super::batch::Outcome;
use super::load::load;
use super::save::save;
use crate::store::sqlite::erased::ErasedText;
use crate::store::sqlite::errors::{commit_failed, failed};
use crate::store::sqlite::marker::Progress;
use crate::store::sqlite::writer::{Writer, roll_back};
use crate::store::{Committed, Decide, StoreError, Submitted};

pub(in crate::store::sqlite) async fn commit(
    writer: &Writer,
    progress: &Progress,
    erased: &ErasedText,
    batch: Vec<Submitted>,
    decide: Decide,
) -> Result<Vec<Outcome>, StoreError> {
    if batch.is_empty() {
        return Ok(Vec::new());
    }
    let (progress, erased) = (progress.clone(), erased.clone());
    writer
        .write_by_itself(move |connection| {
            Box::pin(async move {
                let (outcomes, erases_text) = carry_out(connection, &batch, decide).await?;
                progress.add(outcomes.iter().filter(|outcome| matches!(outcome, Ok(Committed::Now(_)))).count());
                if erases_text {
                    erased.note();
                }
                Ok(outcomes)
            })
        })
        .await
}

/// Returns the outcome of each operation, and whether the batch erased text.
async fn carry_out(
    connection: &mut SqliteConnection,
    submitted: &[Submitted],
    decide: Decide,
) -> Result<(Vec<Outcome>, bool), StoreError> {
    let mut batch = match load(connection, submitted).await {
        Ok(batch) => batch,
        Err(error) => {
            roll_back(connection).await?;
            return Err(failed(error));
        }
    };
    let decided = catch_unwind(AssertUnwindSafe(|| {
        submitted.iter().map(|submitted| batch.carry_out(submitted, decide)).collect::<Vec<_>>()
    }));
    let outcomes = match decided {
        Ok(outcomes) => outcomes,
        Err(panic) => {
            roll_back(connection).await?;
            resume_unwind(panic)
        }
    };
    if let Err(error) = save(connection, &batch).await {
        roll_back(connection).await?;
        return Err(commit_failed(error));
    }
    Ok((outcomes, batch.erases_text()))
}
