//! How many slow probes there may be at a time: they need no session, so nobody may hold many connections by them.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::transport::websocket;

/// A doctor holds one at a time, so as many doctors. One more is told to come again.
const AT_A_TIME: usize = 8;
/// The longest that a probe takes.
const COME_AGAIN_AFTER_S: &str = "60";

/// The permits for probes in progress. Each probe holds one until it ends.
pub(in crate::http) struct Probes(Arc<Semaphore>);

/// One too many.
pub(super) struct TooMany;

impl Default for Probes {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_A_TIME)))
    }
}

impl Probes {
    /// A socket that says back what it hears.
    pub(in crate::http) fn echo(&self, request: Request) -> Response {
        match self.begin() {
            Ok(permit) => websocket::echo(request, permit),
            Err(too_many) => too_many.into_response(),
        }
    }

    /// The permit is to be kept for as long as the probe takes.
    pub(super) fn begin(&self) -> Result<OwnedSemaphorePermit, TooMany> {
        Arc::clone(&self.0).try_acquire_owned().map_err(|_| TooMany)
    }
}

impl IntoResponse for TooMany {
    fn into_response(self) -> Response {
        let headers = [(header::RETRY_AFTER, COME_AGAIN_AFTER_S)];
        (StatusCode::SERVICE_UNAVAILABLE, headers, "Others are probing just now.\n").into_response()
    }
}
