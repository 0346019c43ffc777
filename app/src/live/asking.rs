//! A connection made of requests: one asks what comes after the cursors, waiting or every few seconds, and each frame
//! else goes by its own. Called by `transport`. Requests are the older kind (`XMLHttpRequest`): one event says all of
//! their end, where `fetch` takes two promises and a controller for the same.

use hubbub_protocol::{ServerFrame, UnixMillis};
use js_sys::Function;
use web_sys::XmlHttpRequest;

use super::clock;
use super::ladder::{End, Rung};
use super::random::random_id;
use super::transport::{Report, Tally, receive};

/// How long a request may wait, in seconds; less than the 60 s after which a silent peer counts as gone.
const WAIT: &str = "55";
/// The least between two requests that ask without waiting.
const POLL_EVERY_MS: u64 = 5_000;
/// The least between two that wait, so that answers without a wait in them don't become a storm.
const ASK_EVERY_MS: u64 = 50;
/// A request that was under way for less has not waited.
const LEAST_WAIT_MS: u64 = 1_000;
/// A request that isn't answered by then never is: one that asks has waited by then, and of what is said the server has
/// given up after 30 s.
const ANSWER_WITHIN_MS: u32 = 75_000;
/// A tab that the server forgets sooner wasn't forgotten for being silent: opening one after the other would be a storm.
const SOONEST_FORGOTTEN_MS: u64 = 10_000;

/// A connection, known to the server by its tab's id. Dropped, it takes back what it has asked.
pub(crate) struct Asking {
    listener: Function,
    ask_address: String,
    say_address: String,
    every_ms: u64,
    opened_at: UnixMillis,
    asked_at: UnixMillis,
    /// When it is to be woken.
    pub(super) due: Option<UnixMillis>,
    asked: Option<Request>,
    /// What was said and not answered yet, each for no longer than [`ANSWER_WITHIN_MS`]. Of what needs an answer the engine
    /// says one a room at a time, and the rest it says seldom.
    pub(super) says: Vec<Request>,
}

impl Asking {
    /// Is open at once, and says so when it is woken.
    pub(crate) fn open(rung: Rung, listener: &Function) -> Self {
        let tab = random_id();
        let (wait, every_ms) = if rung == Rung::Poll { ("0", POLL_EVERY_MS) } else { (WAIT, ASK_EVERY_MS) };
        Self {
            listener: listener.clone(),
            ask_address: format!("/ask?tab={tab}&wait={wait}"),
            say_address: format!("/say?tab={tab}"),
            every_ms,
            opened_at: clock::now(),
            asked_at: UnixMillis(0),
            due: Some(clock::now()),
            asked: None,
            says: Vec::new(),
        }
    }

    /// Asks what comes after the cursors of a `hello`.
    pub(crate) fn ask(&mut self, hello: &str) {
        // The first ask opens the tab, and is never repeated: what fails ends the connection, and the next is another tab.
        let open = if self.has_asked() { "" } else { "&open=true" };
        self.asked_at = clock::now();
        self.due = None;
        self.asked = Request::send(&format!("{}{open}", self.ask_address), hello, &self.listener);
    }

    /// Says a frame.
    pub(crate) fn say(&mut self, frame: &str) {
        self.says.extend(Request::send(&self.say_address, frame, &self.listener));
    }

    /// Asks without the pause between two asks, since an answer is on its way.
    pub(crate) fn ask_soon(&mut self) {
        if self.asked.is_none() {
            self.due = Some(clock::now());
        }
    }

    /// It is time: to have opened, or to ask again.
    pub(crate) fn wake(&mut self) -> Option<Report> {
        self.due.take_if(|due| *due <= clock::now())?;
        Some(if self.has_asked() { Report::Asks } else { Report::Opened })
    }

    fn has_asked(&self) -> bool {
        self.asked_at.0 > 0
    }

    /// A request has ended.
    pub(crate) fn read(&mut self, reports: &mut Vec<Report>, tally: &mut Tally) {
        if let Some(i) = self.says.iter().position(Request::is_done) {
            match self.says.swap_remove(i).read(reports, tally) {
                Answer::Failure | Answer::Ended => return reports.push(Report::Ended(End::Closed)),
                Answer::Forgotten => return reports.push(self.forgotten()),
                Answer::Frames | Answer::Nothing => {}
            }
        }
        let Some(asked) = self.asked.take_if(|asked| asked.is_done()) else { return };
        let waited_ms = clock::now().0.saturating_sub(self.asked_at.0);
        match asked.read(reports, tally) {
            Answer::Failure if waited_ms >= LEAST_WAIT_MS => {
                return reports.push(Report::Ended(End::CutShort { waited_ms }));
            }
            Answer::Failure | Answer::Ended => return reports.push(Report::Ended(End::Closed)),
            Answer::Forgotten => return reports.push(self.forgotten()),
            // For as long as the server was to wait.
            Answer::Nothing => reports.push(Report::Waited(u64::MAX)),
            Answer::Frames => reports.push(Report::Waited(waited_ms)),
        }
        self.due = Some(UnixMillis(self.asked_at.0 + self.every_ms));
        // At once where it may be, since a hidden page's timers sleep for up to a minute.
        reports.extend(self.wake());
    }

    fn forgotten(&self) -> Report {
        if clock::now().0.saturating_sub(self.opened_at.0) < SOONEST_FORGOTTEN_MS {
            return Report::Ended(End::Closed);
        }
        Report::Forgotten
    }
}

enum Answer {
    Frames,
    Nothing,
    /// The server doesn't know the tab.
    Forgotten,
    /// The server says that this is the end.
    Ended,
    /// No answer of the server's.
    Failure,
}

/// One request. Dropped, it is aborted, and nothing more is heard of it.
pub(super) struct Request(XmlHttpRequest);

impl Request {
    fn send(address: &str, body: &str, listener: &Function) -> Option<Self> {
        let request = XmlHttpRequest::new().ok()?;
        request.open("POST", address).ok()?;
        request.set_timeout(ANSWER_WITHIN_MS);
        request.set_onloadend(Some(listener));
        request.send_with_opt_str(Some(body)).ok()?;
        Some(Self(request))
    }

    fn is_done(&self) -> bool {
        self.0.ready_state() == XmlHttpRequest::DONE
    }

    /// Reports each frame of the answer, a line each.
    fn read(self, reports: &mut Vec<Report>, tally: &mut Tally) -> Answer {
        // Without an answer the status is 0.
        let status = self.0.status().unwrap_or(0);
        if status == 204 {
            return Answer::Nothing;
        }
        // Of what is answered so, a page only ever meets `hello_expected`.
        if status == 400 {
            return Answer::Forgotten;
        }
        let n_before = reports.len();
        // A failure has nothing to say.
        if matches!(status, 200 | 401..500) {
            let text = self.0.response_text().ok().flatten().unwrap_or_default();
            text.lines().for_each(|line| receive(line, reports, tally));
        }
        let is_bye = matches!(reports.last(), Some(Report::Received(ServerFrame::Bye { .. })));
        match (status, reports.len() > n_before) {
            (200, true) if !is_bye => Answer::Frames,
            (500, _) | (_, true) => Answer::Ended,
            _ => Answer::Failure,
        }
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        self.0.set_onloadend(None);
        // It has ended or it ends now.
        let _ = self.0.abort();
    }
}
