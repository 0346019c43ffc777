//! How a crowd polls and posts over HTTP, and how it reads responses and streams. Part of [`Crowd`]; `receive` takes the
//! frames in them.

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hubbub_protocol::Seq;

use super::link::{PostConnection, Stage};
use super::response;
use super::streams::{StreamResponse, Streams};
use super::token::{POSTING, source_of};
use super::{Crowd, Transport};
use crate::poller::Ready;
use crate::socket::Socket;

/// How often a browser polls.
pub(crate) const POLL_EVERY: Duration = Duration::from_secs(5);

impl Crowd {
    /// Sends the next request of a connection for new events.
    pub(super) fn poll(&mut self, token: usize) -> Result<()> {
        let link = &mut self.links[token];
        let requests = link.requests.as_ref().context("a connection over WebSocket makes no requests")?;
        let last = link.receiver.last();
        let request = match (self.transport, link.stage) {
            (Transport::Stream | Transport::WebSocket, _) => requests.stream(),
            (_, Stage::Upgrade) => requests.first_poll(last),
            (Transport::LongPolling | Transport::LongPollingHttp2, _) => requests.long_poll(last),
            (Transport::Polling, _) => requests.poll(last),
        };
        self.n_requests += 1;
        if let Some(streams) = &mut self.streams {
            return streams.request(token, requests.http2(request)?);
        }
        let bytes = requests.http1(&request);
        Ok(link.socket().send(&self.poller, bytes.as_bytes())?)
    }

    pub(super) fn is_poll_due(&self) -> bool {
        self.polls_due.peek().is_some_and(|Reverse((due, _))| *due <= Instant::now())
    }

    /// Sends the polls whose time has come.
    pub(super) fn send_due_polls(&mut self) -> Result<()> {
        while self.is_poll_due() {
            let Some(Reverse((due, token))) = self.polls_due.pop() else { break };
            self.poll(token)?;
            // Counted from when this poll was due, so that a slow response doesn't shift the polls after it.
            self.polls_due.push(Reverse((due + POLL_EVERY, token)));
        }
        Ok(())
    }

    /// Sends a frame of a connection by a request of its own.
    pub(super) fn post_by_request(&mut self, token: usize, payload: String) -> Result<()> {
        let requests = self.links[token].requests.as_ref().context("a connection over WebSocket makes no requests")?;
        let request = requests.post(payload);
        if let Some(streams) = &mut self.streams {
            self.n_requests += 1;
            return streams.request(token | POSTING, requests.http2(request)?);
        }
        let bytes = requests.http1(&request);
        self.send_post(token, bytes)
    }

    fn send_post(&mut self, token: usize, request: String) -> Result<()> {
        let link = &mut self.links[token];
        let mut posting = match link.posting.take() {
            Some(posting) => posting,
            None => {
                let socket = Socket::connect(&self.poller, token | POSTING, self.server, source_of(token))?;
                Box::new(PostConnection { socket, unanswered: VecDeque::new() })
            }
        };
        posting.socket.send(&self.poller, request.as_bytes())?;
        posting.unanswered.push_back(request);
        link.posting = Some(posting);
        self.n_requests += 1;
        Ok(())
    }

    /// Reads and writes the socket over which a connection posts.
    pub(super) fn serve_posting(&mut self, at: &Ready, buffer: &mut [u8]) -> Result<()> {
        let token = at.token & !POSTING;
        let Some(posting) = &mut self.links[token].posting else { return Ok(()) };
        if at.writable {
            posting.socket.flush(&self.poller)?;
        }
        if !at.readable {
            return Ok(());
        }
        let filled = match posting.socket.read(buffer) {
            Ok(filled) => filled,
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return self.post_again(token),
            Err(error) => return Err(error).context("while posting"),
        };
        let mut done = 0;
        while let Some(body) = response::body(&buffer[done..filled])? {
            let lines = &buffer[done + body.start..done + body.end];
            done += body.end;
            if let Some(posting) = &mut self.links[token].posting {
                posting.unanswered.pop_front();
            }
            self.each_line(token, lines, self.now_ns())?;
        }
        if let Some(posting) = &mut self.links[token].posting {
            posting.socket.keep(&buffer[done..filled]);
        }
        Ok(())
    }

    /// Opens another socket for posting after the server has closed the last one, as servers do with idle connections, and
    /// sends the requests again that got no response. Their ids make that harmless.
    fn post_again(&mut self, token: usize) -> Result<()> {
        let Some(closed) = self.links[token].posting.take() else { return Ok(()) };
        self.links[token].n_bytes_before += closed.socket.n_bytes();
        closed.unanswered.into_iter().try_for_each(|request| self.send_post(token, request))
    }

    /// Takes the response to a poll. A connection has one poll under way, so the bytes are one response at most.
    pub(super) fn take_response(&mut self, token: usize, bytes: &[u8], now_ns: u64) -> Result<()> {
        let Some(body) = response::body(bytes)? else {
            self.links[token].socket().keep(bytes);
            return Ok(());
        };
        ensure!(body.end == bytes.len(), "a response came to no request");
        self.polled(token, &bytes[body], now_ns)
    }

    /// Takes the responses that came over HTTP/2.
    pub(super) fn take_stream_responses(&mut self) -> Result<()> {
        while let Some(StreamResponse { token, body }) = self.streams.as_mut().and_then(Streams::next) {
            match token & POSTING {
                0 => self.polled(token, &body, self.now_ns()).with_context(|| format!("on stream {token}"))?,
                _ => self.each_line(token & !POSTING, &body, self.now_ns())?,
            }
        }
        Ok(())
    }

    /// Takes the body of a response to a poll, and sends the next poll or returns when it is due.
    fn polled(&mut self, token: usize, body: &[u8], now_ns: u64) -> Result<()> {
        let is_first = self.links[token].stage == Stage::Upgrade;
        if is_first {
            self.links[token].stage = Stage::Room;
        }
        self.each_line(token, body, now_ns)?;
        if matches!(self.transport, Transport::LongPolling | Transport::LongPollingHttp2) {
            return self.poll(token);
        }
        if is_first {
            self.polls_due.push(Reverse((Instant::now() + phase(token), token)));
        }
        Ok(())
    }

    /// Takes some bytes of a response that never ends.
    pub(super) fn take_lines(&mut self, token: usize, bytes: &[u8], now_ns: u64) -> Result<()> {
        let mut done = 0;
        if self.links[token].stage == Stage::Upgrade {
            let Some(end) = response::end_of_head(bytes) else {
                self.links[token].socket().keep(bytes);
                return Ok(());
            };
            ensure!(bytes.starts_with(b"HTTP/1.1 200"), "the stream was refused");
            done = end;
            self.joined(token, Seq(0))?;
        }
        let complete = bytes[done..].iter().rposition(|byte| *byte == b'\n').map_or(done, |place| done + place + 1);
        self.each_line(token, &bytes[done..complete], now_ns)?;
        self.links[token].socket().keep(&bytes[complete..]);
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

/// Returns when a connection polls within the five seconds. Multiples of the golden ratio spread the connections evenly.
fn phase(token: usize) -> Duration {
    #[expect(clippy::cast_precision_loss, reason = "tokens are counted in thousands")]
    let turns = token as f64 * 0.618_033_988_749_895;
    POLL_EVERY.mul_f64(turns.fract())
}
