//! What `hubbub doctor` asks, to see what a proxy makes of requests and answers. It needs no session and gives nothing
//! away that its asker didn't say; what takes time is bounded in length and in number.
//!
//! - [`seen`]: what arrived of a request
//! - [`slow`]: an answer that takes its time, and one that comes bit by bit
//! - [`cookie`]: a cookie that is set and read back
//! - [`permits`]: how many there may be at a time

mod cookie;
mod permits;
mod seen;
mod slow;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use super::Site;

pub use cookie::{CAME_BACK, COOKIE, COOKIE_PATH};
pub(super) use permits::Probes;
pub use seen::{SEEN_PATH, SeenRequest};
pub use slow::{LINE_EVERY, LINES, STREAM_PATH, WAIT_PATH};

/// Every path of theirs.
pub(super) fn router(site: &Arc<Site>) -> Router {
    Router::new()
        .route(SEEN_PATH, get(seen::answer))
        .route(COOKIE_PATH, get(cookie::answer))
        .route(WAIT_PATH, get(slow::wait))
        .route(STREAM_PATH, get(slow::stream))
        .with_state(Arc::clone(site))
}
