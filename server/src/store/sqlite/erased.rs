//! Removes erased text from the -wal file within a minute. The database itself is overwritten at once (`secure_delete`),
//! and the -wal file still has the pages as they were. Called by `open` and `commit`.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;

use super::writer::Writer;

/// How long erased text may stay in the -wal file. Many deletions within this time cost one checkpoint.
const ERASE_AFTER: Duration = Duration::from_secs(20);
/// The wait after a checkpoint that a reader held up.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Notes that text was erased. A clone notes it for the same task.
#[derive(Clone, Debug, Default)]
pub(super) struct ErasedText(Arc<Notify>);

impl ErasedText {
    /// Empties the -wal file of a store that is being opened: a process that was killed may have left erased text in it. If
    /// that fails, [`ErasedText::sweep`] does it later.
    pub(super) async fn recovered(writer: &Writer) -> Self {
        let erased = Self::default();
        if let Err(error) = writer.empty_wal().await {
            tracing::debug!(%error, "the -wal file could not be emptied yet");
            erased.note();
        }
        erased
    }

    pub(super) fn note(&self) {
        self.0.notify_one();
    }

    /// Empties the -wal file after text was erased, for ever.
    pub(super) async fn sweep(self, writer: Arc<Writer>) {
        loop {
            self.0.notified().await;
            sleep(ERASE_AFTER).await;
            while let Err(error) = writer.empty_wal().await {
                tracing::debug!(%error, "the -wal file could not be emptied yet");
                sleep(RETRY_AFTER).await;
            }
        }
    }
}
