//! Health checks for supervisors and load balancers. `/healthz`: the process responds. `/readyz`: the server isn't
//! stopping, and the store can be written.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use super::Site;

/// `GET /healthz`: always 200.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: 200 if the server isn't stopping and the store can be written, else 503.
pub(super) async fn ready(State(site): State<Arc<Site>>) -> (StatusCode, &'static str) {
    if site.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    if site.store_check.is_writable(&*site.store).await {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the store is not ready\n")
    }
}
