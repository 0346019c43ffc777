//! Is it well? `/healthz`: the process answers. `/readyz`: it takes requests, and the store can be written to.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::Site;
use crate::store::Store;

/// The store is asked at most this often, however often it is asked here: the answer costs it a commit.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// What the store last said of itself. Whoever comes while it is being asked waits for the same answer.
#[derive(Default)]
pub(super) struct LastCheck(Mutex<Option<(Instant, bool)>>);

impl LastCheck {
    async fn is_well(&self, store: &dyn Store) -> bool {
        let mut last = self.0.lock().await;
        if let Some((at, is_well)) = *last
            && at.elapsed() < ASK_AGAIN_AFTER
        {
            return is_well;
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
    if site.last_check.is_well(&*site.store).await {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the store is not ready\n")
    }
}
