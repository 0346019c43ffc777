//! The body of a response. It reports to the connection's [`Activity`] whether the client waits for the server or the server
//! for the client. Made by `connection`.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use hyper::body::{Frame, SizeHint};

use super::activity::{Activity, InProgress};

/// A body that counts as in progress while the client waits for its next piece. hyper doesn't poll a body that the client
/// doesn't read, so such a body doesn't keep the connection open.
pub(super) struct TrackedBody {
    body: Body,
    activity: Arc<Activity>,
    in_progress: Option<InProgress>,
}

impl TrackedBody {
    pub(super) fn new(body: Body, activity: Arc<Activity>) -> Self {
        Self { body, activity, in_progress: None }
    }
}

impl hyper::body::Body for TrackedBody {
    type Data = Bytes;
    type Error = axum::Error;

    /// hyper polls for a piece when the connection, or the window of the stream, has room for it.
    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if polled.is_ready() {
            self.in_progress = None;
        } else if self.in_progress.is_none() {
            self.in_progress = Some(self.activity.resume());
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
