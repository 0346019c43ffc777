//! A bound on slow probes in progress. Probes need no session, so without a bound they could hold any number of
//! connections.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::transport::websocket;

/// Slow probes in progress at a time, for all clients together. A further one is refused with 503. A running doctor
/// has at most one in progress.
const MAX_IN_PROGRESS: usize = 8;
/// `Retry-After` of a refused probe: the longest that a probe takes.
const RETRY_AFTER_S: &str = "60";

/// The permits for probes in progress. Each probe holds one until it ends.
pub(in crate::http) struct Probes(Arc<Semaphore>);

/// The refusal of a probe because [`MAX_IN_PROGRESS`] are in progress. Becomes a 503 response with `Retry-After`.
pub(super) struct TooMany;

impl Default for Probes {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MAX_IN_PROGRESS)))
    }
}

impl Probes {
    /// Opens a WebSocket that echoes messages. Returns the response of the handshake, or 503 if too many probes are in
    /// progress.
    pub(in crate::http) fn echo(&self, request: Request) -> Response {
        match self.begin() {
            Ok(permit) => websocket::echo(request, permit),
            Err(too_many) => too_many.into_response(),
        }
    }

    /// Returns the permit of a probe. The probe holds the permit until it ends.
    ///
    /// # Errors
    /// [`TooMany`] if [`MAX_IN_PROGRESS`] probes are in progress.
    pub(super) fn begin(&self) -> Result<OwnedSemaphorePermit, TooMany> {
        Arc::clone(&self.0).try_acquire_owned().map_err(|_| TooMany)
    }
}

impl IntoResponse for TooMany {
    fn into_response(self) -> Response {
        let headers = [(header::RETRY_AFTER, RETRY_AFTER_S)];
        (StatusCode::SERVICE_UNAVAILABLE, headers, "Too many probes are in progress.\n").into_response()
    }
}
