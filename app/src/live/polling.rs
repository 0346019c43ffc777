//! The polling transport: gets new frames by `/ask`, and sends each frame by a `/say`. `transport` runs it as a task.

use std::cell::Cell;
use std::rc::Rc;

use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use futures_util::StreamExt;
use futures_util::future::join;
use gloo_timers::future::TimeoutFuture;
use hubbub_protocol::{ClientFrame, UnixMillis};
use leptos::task::spawn_local;
use uuid::Uuid;

use super::channels::{OutgoingFrame, Report, Reports};
use super::ladder::TransportEnd;
use super::request::{PollOutcome, Requests};
use crate::browser::clock;
use crate::browser::random::random_id;
use crate::state::transport::TransportKind;

/// How long the server may hold an ask, in seconds: less than the 60 s after which a silent peer counts as dead.
const WAIT_S: &str = "55";
/// The least time between the starts of two asks that don't wait.
const POLL_EVERY_MS: u64 = 5_000;
/// The least time between the starts of two asks that wait, in case that answers come without a wait.
const ASK_EVERY_MS: u64 = 50;
/// An ask that failed sooner than this was not cut short while it waited.
const LEAST_WAIT_MS: u64 = 1_000;
/// A tab that the server forgets sooner than this is not opened again at once, so that it can't become a loop.
const SOONEST_FORGOTTEN_MS: u64 = 10_000;

/// One tab, as the server knows it.
struct PollingTab {
    id: Uuid,
    wait_s: &'static str,
    every_ms: u64,
    opened_at: UnixMillis,
    requests: Requests,
    reports: Reports,
}

/// Sends and asks until a request fails. Dropping the future aborts all requests.
pub(super) async fn run(
    kind: TransportKind,
    mut outgoing: UnboundedReceiver<OutgoingFrame>,
    reports: Reports,
    n_unanswered: Rc<Cell<usize>>,
) {
    let (wait_s, every_ms) = match kind {
        TransportKind::Polling => ("0", POLL_EVERY_MS),
        TransportKind::LongPolling | TransportKind::WebSocket => (WAIT_S, ASK_EVERY_MS),
    };
    let requests = Requests::new();
    let tab = Rc::new(PollingTab { id: random_id(), wait_s, every_ms, opened_at: clock::now(), requests, reports });
    // Carries frames of `outgoing`, which the engine bounds.
    let (hellos, asks) = unbounded();
    tab.reports.send(Report::Opened);
    let distribute = async {
        while let Some(OutgoingFrame { frame, text }) = outgoing.next().await {
            if matches!(frame, ClientFrame::Hello { .. }) {
                let _ = hellos.unbounded_send(text);
                continue;
            }
            n_unanswered.set(n_unanswered.get() + 1);
            let (tab, n_unanswered) = (Rc::clone(&tab), Rc::clone(&n_unanswered));
            spawn_local(async move {
                tab.say(text).await;
                n_unanswered.set(n_unanswered.get() - 1);
            });
        }
    };
    // Dropped with this future, also when that is aborted: then no request outlives it.
    let _abort = tab.requests.abort_on_drop();
    join(distribute, tab.ask_again_and_again(asks)).await;
}

impl PollingTab {
    /// Sends each `hello` as an ask, one after the other, and asks for the next.
    async fn ask_again_and_again(&self, mut hellos: UnboundedReceiver<String>) {
        // The first ask opens the tab. A transport that failed is not used again; the next one is another tab.
        let mut open = Some("true");
        while let Some(hello) = hellos.next().await {
            let asked_at = clock::now();
            let mut query = vec![("tab", self.id.to_string()), ("wait", self.wait_s.to_owned())];
            query.extend(open.take().map(|open| ("open", open.to_owned())));
            let answer = self.requests.post("/ask", query, hello, &self.reports).await;
            let waited_ms = clock::now().0.saturating_sub(asked_at.0);
            match answer {
                // The server held the ask for as long as it would.
                PollOutcome::Nothing => self.reports.send(Report::Waited { waited_ms: u64::MAX }),
                PollOutcome::Frames => self.reports.send(Report::Waited { waited_ms }),
                PollOutcome::Failure if waited_ms >= LEAST_WAIT_MS => {
                    return self.reports.send(Report::Ended(TransportEnd::CutShort { waited_ms }));
                }
                PollOutcome::Failure | PollOutcome::Forgotten | PollOutcome::Ended => return self.end(&answer),
            }
            let pause_ms = self.every_ms.saturating_sub(waited_ms);
            // Without a pause there is no timer, since a hidden page's timers sleep for up to a minute.
            if let Some(pause_ms) = u32::try_from(pause_ms).ok().filter(|ms| *ms > 0) {
                TimeoutFuture::new(pause_ms).await;
            }
            self.reports.send(Report::HelloWanted);
        }
    }

    /// Sends a frame that is no `hello`.
    async fn say(&self, frame: String) {
        let query = [("tab", self.id.to_string())];
        match self.requests.post("/say", query, frame, &self.reports).await {
            PollOutcome::Frames | PollOutcome::Nothing => {}
            answer => self.end(&answer),
        }
    }

    fn end(&self, answer: &PollOutcome) {
        let is_old = clock::now().0.saturating_sub(self.opened_at.0) >= SOONEST_FORGOTTEN_MS;
        let is_forgotten = matches!(answer, PollOutcome::Forgotten) && is_old;
        self.reports.send(if is_forgotten { Report::Forgotten } else { Report::Ended(TransportEnd::Closed) });
    }
}
