//! The deadline at which an inactive connection is closed. hyper has one timeout for a head and for the pause
//! before it (`header_read_timeout`), and none for HTTP/2. Here, a head has 10 s and a pause 75 s. `connection` waits for
//! the deadline; the stream, the service and the response bodies report what happens.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll;
use std::time::Duration;

use axum::http::Version;
use futures_util::task::AtomicWaker;
use tokio::time::{Instant, sleep};

/// How long a client may take to send the head of a request. The first one counts from when the connection was opened.
pub(super) const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// How long a connection is kept between two requests. Longer than browsers and proxies keep a connection that they don't
/// use (nginx: 60 s, `keepalive_timeout`), so that the client closes it: a request may cross a close by the server.
pub(super) const KEEP_ALIVE_FOR: Duration = Duration::from_secs(75);
/// The time that the client has to read the last responses when its connection is about to be closed.
const DRAIN_WITHIN: Duration = Duration::from_secs(30);

/// The activity on one connection, and the deadline that follows from it.
pub(super) struct Activity {
    state: Mutex<State>,
    /// Wakes the connection's task when a request ends in another task, as those of HTTP/2 do.
    waker: AtomicWaker,
}

struct State {
    /// The HTTP version of the last request; None before the first request.
    version: Option<Version>,
    n_in_progress: usize,
    /// When the last request ended, or the last byte of its response was written.
    quiet_since: Instant,
    /// When the first byte of the next head came.
    head_since: Option<Instant>,
    keep_for: Duration,
}

/// Why a connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expired {
    /// A head was not complete in time.
    Head,
    /// There was no request for too long.
    KeepAlive,
}

/// A request that the server is working on. Dropping it ends the request.
pub(super) struct InProgress(Arc<Activity>);

impl Activity {
    /// Creates the activity of a connection that has just been opened.
    pub(super) fn new() -> Arc<Self> {
        let state = State {
            version: None,
            n_in_progress: 0,
            quiet_since: Instant::now(),
            head_since: None,
            keep_for: KEEP_ALIVE_FOR,
        };
        Arc::new(Self { state: Mutex::new(state), waker: AtomicWaker::new() })
    }

    /// Records that bytes were read.
    pub(super) fn read(&self) {
        let mut state = self.state();
        if state.n_in_progress == 0 && state.head_since.is_none() {
            state.head_since = Some(Instant::now());
        }
    }

    /// Records that bytes were written. Over HTTP/2 they may be a ping, which is no activity of the client.
    pub(super) fn written(&self) {
        let mut state = self.state();
        if state.is_http1() {
            state.quiet_since = Instant::now();
        }
    }

    /// Records that a head is complete.
    pub(super) fn begin(self: &Arc<Self>, version: Version) -> InProgress {
        let mut state = self.state();
        state.version = Some(version);
        state.head_since = None;
        drop(state);
        self.resume()
    }

    /// Records that the client waits for the next piece of a response.
    pub(super) fn resume(self: &Arc<Self>) -> InProgress {
        self.state().n_in_progress += 1;
        InProgress(Arc::clone(self))
    }

    /// Records that the connection is about to be closed, so that the client has less time.
    pub(super) fn drain(&self) {
        let mut state = self.state();
        state.quiet_since = Instant::now();
        state.keep_for = DRAIN_WITHIN;
    }

    /// Waits until the deadline has passed. To be polled in the connection's task, after the connection: a deadline that
    /// changes while the connection is polled is looked at right afterwards.
    pub(super) async fn expired(&self) -> Expired {
        let mut timer = pin!(sleep(HEAD_WITHIN));
        poll_fn(|context| {
            self.waker.register(context.waker());
            let Some((deadline, expired)) = self.state().deadline() else { return Poll::Pending };
            if timer.deadline() != deadline {
                timer.as_mut().reset(deadline);
            }
            timer.as_mut().poll(context).map(|()| expired)
        })
        .await
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder of this lock panics")
    }
}

impl State {
    /// None while a request is in progress: its handler has a timeout, and so have writes.
    fn deadline(&self) -> Option<(Instant, Expired)> {
        if self.n_in_progress > 0 {
            return None;
        }
        match self.head_since {
            _ if self.version.is_none() => Some((self.quiet_since + HEAD_WITHIN, Expired::Head)),
            // Bytes that arrive over HTTP/2 between two requests may be the response to a ping.
            Some(since) if self.is_http1() => Some((since + HEAD_WITHIN, Expired::Head)),
            _ => Some((self.quiet_since + self.keep_for, Expired::KeepAlive)),
        }
    }

    fn is_http1(&self) -> bool {
        self.version.is_some_and(|version| version <= Version::HTTP_11)
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.n_in_progress -= 1;
        state.quiet_since = Instant::now();
        let is_watched_by_another_task = !state.is_http1();
        drop(state);
        if is_watched_by_another_task {
            self.0.waker.wake();
        }
    }
}
