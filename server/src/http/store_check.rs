//! Whether the store can be written, checked at most once a second. Made by `site`, used by `health`.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::store::Store;

/// How long an answer of the store is used again. Each check costs the store a commit, so requests alone must not cause
/// one each.
const CHECK_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// When the store was last checked, and whether it could be written. A request during a check waits for its result.
#[derive(Default)]
pub(super) struct StoreCheck(Mutex<Option<(Instant, bool)>>);

impl StoreCheck {
    pub(super) async fn is_writable(&self, store: &dyn Store) -> bool {
        let mut last = self.0.lock().await;
        if let Some((at, is_writable)) = *last
            && at.elapsed() < CHECK_AGAIN_AFTER
        {
            return is_writable;
        }
        let checked = store.check().await;
        if let Err(error) = &checked {
            tracing::warn!(%error, "the store is not ready");
        }
        *last = Some((Instant::now(), checked.is_ok()));
        checked.is_ok()
    }
}
