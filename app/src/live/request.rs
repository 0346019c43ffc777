//! Sends one request to `/ask` or `/say`, and classifies the response. Called by `polling`.

use gloo_net::http::{Request, Response};
use hubbub_protocol::ServerFrame;
use hubbub_protocol::codec::decode_server;
use js_sys::Array;
use web_sys::{AbortController, AbortSignal};

use super::channels::{Report, Reports};

/// Timeout of a request. The server responds to an ask within 55 s and to a say within 30 s.
const ANSWER_WITHIN_MS: u32 = 75_000;

/// How a request ended.
#[derive(Clone, Copy)]
pub(super) enum PollOutcome {
    /// Frames came, and were reported.
    Frames,
    /// The server has nothing to say.
    Nothing,
    /// The server doesn't know the tab.
    Forgotten,
    /// The server refused the request or said `bye`.
    Ended,
    /// No answer of the server came.
    Failure,
}

/// The requests of one tab, aborted together.
pub(super) struct Requests(AbortController);

/// Aborts the requests when it is dropped.
pub(super) struct AbortOnDrop(AbortController);

impl Requests {
    pub(super) fn new() -> Self {
        Self(AbortController::new().expect("every browser that runs WebAssembly has AbortController"))
    }

    pub(super) fn abort_on_drop(&self) -> AbortOnDrop {
        AbortOnDrop(self.0.clone())
    }

    /// Sends a frame and reports the frames of the answer.
    pub(super) async fn post(
        &self,
        path: &str,
        query: impl IntoIterator<Item = (&'static str, String)>,
        frame: String,
        reports: &Reports,
    ) -> PollOutcome {
        let timeout = AbortSignal::timeout_with_u32(ANSWER_WITHIN_MS);
        let signal = AbortSignal::any(&Array::of2(&self.0.signal(), &timeout));
        let request = Request::post(path).query(query).abort_signal(Some(&signal)).body(frame);
        let Ok(request) = request else { return PollOutcome::Failure };
        match request.send().await {
            Ok(response) => read(response, reports).await,
            Err(_) => PollOutcome::Failure,
        }
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Reports each frame of a response, one a line.
async fn read(response: Response, reports: &Reports) -> PollOutcome {
    let status = response.status();
    match status {
        204 => return PollOutcome::Nothing,
        // Of the refusals with this status, a page meets only `hello_expected`.
        400 => return PollOutcome::Forgotten,
        // A proxy's page is no frame, and neither is a redirect.
        200 | 401..500 => {}
        500 => return PollOutcome::Ended,
        _ => return PollOutcome::Failure,
    }
    let Ok(text) = response.text().await else { return PollOutcome::Failure };
    let mut last = None;
    for line in text.lines() {
        let Ok(frame) = decode_server(line) else { continue };
        reports.send(Report::Received { frame: frame.clone(), n_bytes: line.len() });
        last = Some(frame);
    }
    match (status, last) {
        (_, None) => PollOutcome::Failure,
        (200, Some(frame)) if !matches!(frame, ServerFrame::Bye { .. }) => PollOutcome::Frames,
        (_, Some(_)) => PollOutcome::Ended,
    }
}
