//! What a crowd does over HTTP instead of frames: ask, ask again, say by a request, and take answers and streams. Part
//! of [`Crowd`]; what an answer says goes to `receive`.

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::answer;
use super::gather::source_of;
use super::link::{Saying, Stage};
use super::streams::{Answered, Streams};
use super::{Crowd, Transport};
use crate::poller::Ready;
use crate::socket::Socket;

/// Set in the token of a connection that says something; the rest is whose it is.
pub(super) const SAYING: usize = 1 << 40;
/// How often a browser polls.
pub(crate) const POLL_EVERY: Duration = Duration::from_secs(5);

impl Crowd {
    /// Sends the ask of a connection.
    pub(super) fn ask(&mut self, token: usize) -> Result<()> {
        let link = &mut self.links[token];
        let asking = link.asking.as_ref().context("it has nothing to ask by")?;
        let last = link.receiver.last();
        let wanted = match (self.transport, link.stage) {
            (Transport::Stream | Transport::WebSocket, _) => asking.stream(),
            (_, Stage::Upgrade) => asking.first(last),
            (Transport::LongPolling | Transport::LongPollingHttp2, _) => asking.long_poll(last),
            (Transport::Polling, _) => asking.poll(last),
        };
        self.n_requests += 1;
        if let Some(streams) = &mut self.streams {
            return streams.request(token, asking.http2(wanted)?);
        }
        let request = asking.http1(&wanted);
        Ok(link.socket().send(&self.poller, request.as_bytes())?)
    }

    pub(super) fn is_ask_due(&self) -> bool {
        self.to_ask.peek().is_some_and(|Reverse((due, _))| *due <= Instant::now())
    }

    pub(super) fn ask_who_is_due(&mut self) -> Result<()> {
        while self.is_ask_due() {
            let Some(Reverse((due, token))) = self.to_ask.pop() else { break };
            self.ask(token)?;
            // The same beat for as long as it lasts, however long an answer takes.
            self.to_ask.push(Reverse((due + POLL_EVERY, token)));
        }
        Ok(())
    }

    pub(super) fn say_by_request(&mut self, token: usize, payload: String) -> Result<()> {
        let asking = self.links[token].asking.as_ref().context("it has nothing to say by")?;
        let wanted = asking.say(payload);
        if let Some(streams) = &mut self.streams {
            self.n_requests += 1;
            return streams.request(token | SAYING, asking.http2(wanted)?);
        }
        let request = asking.http1(&wanted);
        self.request(token, request)
    }

    fn request(&mut self, token: usize, request: String) -> Result<()> {
        let link = &mut self.links[token];
        let mut saying = match link.saying.take() {
            Some(saying) => saying,
            None => {
                let socket = Socket::connect(&self.poller, token | SAYING, self.server, source_of(token))?;
                Box::new(Saying { socket, unanswered: VecDeque::new() })
            }
        };
        saying.socket.send(&self.poller, request.as_bytes())?;
        saying.unanswered.push_back(request);
        link.saying = Some(saying);
        self.n_requests += 1;
        Ok(())
    }

    /// A connection that has said something can be read or written.
    pub(super) fn hear_what_was_said(&mut self, at: &Ready, buffer: &mut [u8]) -> Result<()> {
        let token = at.token & !SAYING;
        let Some(saying) = &mut self.links[token].saying else { return Ok(()) };
        if at.writable {
            saying.socket.flush(&self.poller)?;
        }
        if !at.readable {
            return Ok(());
        }
        let filled = match saying.socket.read(buffer) {
            Ok(filled) => filled,
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return self.say_again(token),
            Err(error) => return Err(error).context("while saying something"),
        };
        let mut done = 0;
        while let Some(answer) = answer::parse(&buffer[done..filled])? {
            let body = &buffer[done + answer.body.start..done + answer.body.end];
            done += answer.body.end;
            if let Some(saying) = &mut self.links[token].saying {
                saying.unanswered.pop_front();
            }
            self.each_line(token, body, self.now_ns())?;
        }
        if let Some(saying) = &mut self.links[token].saying {
            saying.socket.keep(&buffer[done..filled]);
        }
        Ok(())
    }

    /// A server hangs up where nothing was said for a while. What it may not have heard is said again, over the next
    /// connection; ids make that harmless.
    fn say_again(&mut self, token: usize) -> Result<()> {
        let Some(over) = self.links[token].saying.take() else { return Ok(()) };
        self.links[token].n_bytes_before += over.socket.n_bytes();
        over.unanswered.into_iter().try_for_each(|request| self.request(token, request))
    }

    /// Answers to asks. There is one at a time, and the next ask follows it: at once, or when it is time.
    pub(super) fn answers(&mut self, token: usize, bytes: &[u8], now_ns: u64) -> Result<()> {
        let Some(answer) = answer::parse(bytes)? else {
            self.links[token].socket().keep(bytes);
            return Ok(());
        };
        ensure!(answer.body.end == bytes.len(), "an answer that nobody asked for");
        self.answered(token, &bytes[answer.body], now_ns)
    }

    /// What the streams have brought.
    pub(super) fn answers_of_streams(&mut self) -> Result<()> {
        while let Some(Answered { token, body }) = self.streams.as_mut().and_then(Streams::next) {
            match token & SAYING {
                0 => self.answered(token, &body, self.now_ns()).with_context(|| format!("on stream {token}"))?,
                _ => self.each_line(token & !SAYING, &body, self.now_ns())?,
            }
        }
        Ok(())
    }

    fn answered(&mut self, token: usize, body: &[u8], now_ns: u64) -> Result<()> {
        let is_first = self.links[token].stage == Stage::Upgrade;
        if is_first {
            self.links[token].stage = Stage::Room;
        }
        self.each_line(token, body, now_ns)?;
        if matches!(self.transport, Transport::LongPolling | Transport::LongPollingHttp2) {
            return self.ask(token);
        }
        if is_first {
            self.to_ask.push(Reverse((Instant::now() + phase(token), token)));
        }
        Ok(())
    }

    /// A stream that never ends.
    pub(super) fn lines(&mut self, token: usize, bytes: &[u8], now_ns: u64) -> Result<()> {
        let mut done = 0;
        if self.links[token].stage == Stage::Upgrade {
            let Some(end) = answer::end_of_head(bytes) else {
                self.links[token].socket().keep(bytes);
                return Ok(());
            };
            ensure!(bytes.starts_with(b"HTTP/1.1 200"), "the stream was refused");
            done = end;
            self.joined(token, hubbub_protocol::Seq(0))?;
        }
        let whole = bytes[done..].iter().rposition(|byte| *byte == b'\n').map_or(done, |place| done + place + 1);
        self.each_line(token, &bytes[done..whole], now_ns)?;
        self.links[token].socket().keep(&bytes[whole..]);
        Ok(())
    }

    fn each_line(&mut self, token: usize, lines: &[u8], now_ns: u64) -> Result<()> {
        let mut lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        lines.try_for_each(|line| self.text(token, line, now_ns))
    }

    fn now_ns(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

/// People don't poll in step: each has its own place in the five seconds, spread by the golden ratio.
fn phase(token: usize) -> Duration {
    #[expect(clippy::cast_precision_loss, reason = "tokens are counted in thousands")]
    let turns = token as f64 * 0.618_033_988_749_895;
    POLL_EVERY.mul_f64(turns.fract())
}
