//! Removes erased text from the -wal file: when a store is opened, and within a minute after a deletion. The database itself
//! is overwritten at once (`secure_delete`), and the -wal file still has the pages as they were. Called by `open` and `commit`.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;

use super::writer::Writer;
use crate::store::StoreError;

/// How long erased text may stay in the -wal file. Many deletions within this time cost one checkpoint.
const ERASE_AFTER: Duration = Duration::from_secs(20);
/// The wait after a checkpoint that a reader held up.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Notes that text was erased. A clone notes it for the same task.
#[derive(Clone, Debug, Default)]
pub(super) struct ErasedText(Arc<Notify>);

impl ErasedText {
    /// Empties the -wal file of a store that is being opened: a process that was killed may have left erased text in it.
    /// While another process holds the file up or the disk is full, [`ErasedText::sweep`] does it later.
    ///
    /// # Errors
    /// Any other of the store's.
    pub(super) async fn emptied_at_start(writer: &Writer) -> Result<Self, StoreError> {
        let erased = Self::default();
        match writer.empty_wal().await {
            Ok(()) => {}
            Err(error @ (StoreError::Busy | StoreError::Full)) => {
                tracing::debug!(%error, "the -wal file could not be emptied at the start");
                erased.note();
            }
            Err(error) => return Err(error),
        }
        Ok(erased)
    }

    pub(super) fn note(&self) {
        self.0.notify_one();
    }

    /// Empties the -wal file each time after text was erased. Returns only when the store is broken.
    pub(super) async fn sweep(self, writer: Arc<Writer>) {
        loop {
            self.0.notified().await;
            sleep(ERASE_AFTER).await;
            while let Err(error) = writer.empty_wal().await {
                if let StoreError::Broken(_) = error {
                    return;
                }
                tracing::debug!(%error, "the -wal file could not be emptied yet");
                sleep(RETRY_AFTER).await;
            }
        }
    }
}
