//! The endpoints of `hubbub doctor`, which show how a proxy changes requests and responses. They need no session. They
//! reveal the request itself, the server's clock and public origin, and whether the request's origin and peer are
//! trusted. The number of slow probes in progress is bounded.
//!
//! - [`seen`]: reports what the server received
//! - [`slow`]: a delayed response, and a streamed one
//! - [`cookie`]: sets a cookie and reads it back
//! - [`permits`]: the bound on slow probes

mod cookie;
mod permits;
mod seen;
mod slow;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use super::Site;

pub use cookie::{COOKIE, COOKIE_PATH, COOKIE_RECEIVED};
pub(super) use permits::Probes;
pub use seen::{SEEN_PATH, SeenRequest};
pub use slow::{LINE_EVERY, LINES, STREAM_PATH, WAIT_PATH};

/// Returns the routes of the endpoints.
pub(super) fn router(site: &Arc<Site>) -> Router {
    Router::new()
        .route(SEEN_PATH, get(seen::answer))
        .route(COOKIE_PATH, get(cookie::answer))
        .route(WAIT_PATH, get(slow::wait))
        .route(STREAM_PATH, get(slow::stream))
        .with_state(Arc::clone(site))
}
