//! Whether a connection of HTTP/2 still serves for something. Its peer says by pings that it is there, for as long as it likes;
//! but whoever neither asks nor takes anything needs no connection. Called by `ordinary`.
//!
//! What counts is what the server owes: a request that isn't answered yet, and an answer that goes on and of which there is
//! nothing more to take for now. An answer that the peer doesn't take is not asked for its next piece, and counts for nothing.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use tokio::sync::{Notify, watch};
use tokio::time::timeout;

/// See the module. One a connection.
#[derive(Clone)]
pub(super) struct UnderWay {
    /// Whatever is owed holds a receiver.
    owed: watch::Sender<()>,
    /// Told of each request, and whenever hyper asks for a piece of an answer.
    stirred: Arc<Notify>,
}

/// The body of an answer.
pub(super) struct Given {
    body: Body,
    under_way: UnderWay,
    /// Held while the peer waits for the next piece.
    owed: Option<watch::Receiver<()>>,
}

impl UnderWay {
    pub(super) fn new() -> Self {
        Self { owed: watch::Sender::new(()), stirred: Arc::default() }
    }

    /// Waits for something to stir.
    pub(super) async fn stirred(&self) {
        self.stirred.notified().await;
    }

    /// Waits until nothing has been owed and nothing has stirred for so long.
    pub(super) async fn idle_for(&self, long: Duration) {
        loop {
            self.owed.closed().await;
            if timeout(long, self.stirred()).await.is_err() {
                return;
            }
        }
    }

    /// A request has come: this is how it is answered.
    pub(super) fn answer<A: Future<Output = Result<Response, Infallible>>>(
        &self,
        answering: A,
    ) -> impl Future<Output = Result<Response<Given>, Infallible>> + use<A> {
        let (under_way, owed) = (self.clone(), self.owed.subscribe());
        self.stirred.notify_one();
        async move {
            let response = answering.await?;
            drop(owed);
            under_way.stirred.notify_one();
            Ok(response.map(|body| Given { body, under_way, owed: None }))
        }
    }
}

impl hyper::body::Body for Given {
    type Data = Bytes;
    type Error = axum::Error;

    /// hyper asks for a piece ahead of the room that the peer has for it, and for the next when that one is on its way.
    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        self.under_way.stirred.notify_one();
        self.owed = polled.is_pending().then(|| self.under_way.owed.subscribe());
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
