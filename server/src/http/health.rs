//! Answers supervisors. `/healthz`: the process answers. `/readyz`: it accepts requests, and the store can be written.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::Site;
use crate::store::Store;

/// How long an answer of the store is used again. Each check costs the store a commit, so requests alone must not cause
/// one each.
const CHECK_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// When the store was last checked, and whether it could be written. A request during a check waits for its result.
#[derive(Default)]
pub(super) struct LastCheck(Mutex<Option<(Instant, bool)>>);

impl LastCheck {
    async fn is_writable(&self, store: &dyn Store) -> bool {
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

/// `GET /healthz`
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`
pub(super) async fn ready(State(site): State<Arc<Site>>) -> (StatusCode, &'static str) {
    if site.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    if site.last_check.is_writable(&*site.store).await {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the store is not ready\n")
    }
}
