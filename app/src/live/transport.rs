//! A connection, whichever way it goes: the seam between `driver` and what travels. A browser's events come in and what
//! they mean goes out; neither side knows the other.

use hubbub_protocol::codec::{decode_server, encode_client};
use hubbub_protocol::{ClientFrame, ServerFrame, UnixMillis};
use js_sys::Function;
use web_sys::MessageEvent;

use super::asking::Asking;
use super::clock;
use super::ladder::{End, Rung};
use super::socket::Socket;

/// What happened to a connection.
pub(crate) enum Report {
    /// It can be used.
    Opened,
    /// The server said something.
    Received(ServerFrame),
    /// A request was answered after it had waited for so long: a sign of life, even if the server had nothing to say.
    Waited(u64),
    /// It would ask again, and wants to be sent a `hello` with the cursors of now.
    Asks,
    /// The server has forgotten it, as it does when a page has slept, and another is to be opened in its place. The last
    /// report of a connection.
    Forgotten,
    /// It never opened, was cut or was closed. The last report of a connection.
    Ended(End),
}

/// A connection. Dropped, it closes and reports nothing more.
pub(crate) enum Transport {
    Socket(Socket),
    Asking(Asking),
}

/// What has travelled since the page was loaded.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) n_in: usize,
    pub(crate) bytes_in: usize,
    pub(crate) n_out: usize,
    pub(crate) bytes_out: usize,
    pub(crate) n_opened: usize,
    /// How long the last ping took.
    pub(crate) round_trip_ms: Option<u64>,
    /// When the round trip is next to be taken, if someone looks.
    pub(crate) measure_at: UnixMillis,
    pinged_at: Option<UnixMillis>,
}

impl Tally {
    /// A connection is opened, and whatever was under way on another is lost.
    pub(super) fn opening(&mut self) {
        self.n_opened += 1;
        self.pinged_at = None;
    }

    /// A ping was answered.
    pub(super) fn ponged(&mut self, now: UnixMillis) {
        if let Some(at) = self.pinged_at.take() {
            self.round_trip_ms = Some(now.0.saturating_sub(at.0));
        }
    }
}

impl Transport {
    /// Starts to connect. `listener` is called with events that [`Transport::read`] is to be told of. `None` when the
    /// browser won't even try.
    pub(crate) fn open(rung: Rung, listener: &Function) -> Option<Self> {
        Some(match rung {
            Rung::WebSocket => Self::Socket(Socket::open(listener)?),
            Rung::LongPoll | Rung::Poll => Self::Asking(Asking::open(rung, listener)),
        })
    }

    /// Hands a frame to the browser. Only an answer says that it arrived.
    pub(crate) fn send(&mut self, frame: &ClientFrame, tally: &mut Tally) {
        // Each request that asks is answered, which says what a pong would.
        if *frame != ClientFrame::Ping || matches!(self, Self::Socket(_)) {
            self.hand_over(frame, tally);
        }
    }

    /// Takes the time of a round trip, one after the other.
    pub(crate) fn measure(&mut self, tally: &mut Tally) {
        if tally.pinged_at.is_none() {
            tally.pinged_at = Some(clock::now());
            self.hand_over(&ClientFrame::Ping, tally);
        }
    }

    fn hand_over(&mut self, frame: &ClientFrame, tally: &mut Tally) {
        let text = encode_client(frame);
        tally.n_out += 1;
        tally.bytes_out += text.len();
        match (self, frame) {
            (Self::Socket(socket), _) => socket.send(&text),
            (Self::Asking(asking), ClientFrame::Hello { .. }) => asking.ask(&text),
            (Self::Asking(asking), _) => {
                asking.say(&text);
                if matches!(frame, ClientFrame::Join { .. }) {
                    asking.ask_soon();
                }
            }
        }
    }

    /// What an event means, in the order it happened.
    pub(crate) fn read(&mut self, event: &MessageEvent, tally: &mut Tally) -> Vec<Report> {
        let mut reports = Vec::new();
        match self {
            Self::Socket(_) => match event.type_().as_str() {
                "open" => reports.push(Report::Opened),
                "message" => {
                    if let Some(text) = event.data().as_string() {
                        receive(&text, &mut reports, tally);
                    }
                }
                _ => reports.push(Report::Ended(End::Closed)),
            },
            Self::Asking(asking) => asking.read(&mut reports, tally),
        }
        reports
    }

    /// When `wake` is due.
    pub(crate) fn deadline(&self) -> Option<UnixMillis> {
        match self {
            Self::Socket(_) => None,
            Self::Asking(asking) => asking.due,
        }
    }

    /// Does what is due.
    pub(crate) fn wake(&mut self) -> Option<Report> {
        match self {
            Self::Socket(_) => None,
            Self::Asking(asking) => asking.wake(),
        }
    }

    /// Whether nothing that was sent waits for its own answer, as far as the transport can know.
    pub(crate) fn is_quiet(&self) -> bool {
        match self {
            Self::Socket(_) => true,
            Self::Asking(asking) => asking.says.is_empty(),
        }
    }
}

/// Counts and reports a frame. What can't be read is skipped: a tab that outlives an upgrade keeps working.
pub(super) fn receive(text: &str, reports: &mut Vec<Report>, tally: &mut Tally) {
    tally.n_in += 1;
    tally.bytes_in += text.len();
    reports.extend(decode_server(text).ok().map(Report::Received));
}
