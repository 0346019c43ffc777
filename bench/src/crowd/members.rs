//! The crowd itself: scenarios run it, let it post, and read its counts. `receive` hands what arrives to the checker.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::net::SocketAddrV4;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hubbub_protocol::{Cursor, OpId};

use super::link::{Link, Stage};
use super::pilot::{self, Pilot};
use super::plan::{Mix, Release, Transport};
use super::streams::Streams;
use super::token::POSTING;
use crate::checker::{Fault, Log, SentAs};
use crate::dialect::Dialect;
use crate::frame::Opcode;
use crate::histogram::Histogram;
use crate::message;
use crate::poller::{Poller, Ready};

/// The time limit for connecting, and for the last deliveries.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);
/// How often the sync engines are asked whether something is due.
const TICK_EVERY: Duration = Duration::from_millis(100);
/// The longest step of a crowd that has nothing else to do.
const LONGEST_STEP: Duration = Duration::from_millis(10);

pub(crate) struct Crowd {
    pub(super) dialect: Dialect,
    pub(super) release: Release,
    pub(super) mix: Mix,
    pub(super) after: Option<Cursor>,
    pub(super) body_bytes: usize,
    pub(super) poller: Poller,
    pub(super) ready: Vec<Ready>,
    pub(super) buffer: Vec<u8>,
    pub(super) links: Vec<Link>,
    pub(super) n_live: usize,
    pub(super) log: Log,
    pub(super) faults: Vec<Fault>,
    pub(super) started: Instant,
    pub(super) next_tick: Instant,
    /// The connections that may post again. The scenario takes them from here.
    pub(super) free: Vec<usize>,
    pub(super) n_deliveries: u64,
    /// Time in which no socket was ready.
    pub(super) idle: Duration,
    pub(super) latency: Option<Histogram>,
    pub(super) server: SocketAddrV4,
    /// Only over HTTP/2.
    pub(super) streams: Option<Streams>,
    pub(super) transport: Transport,
    /// When each connection that polls by the clock sends its next poll.
    pub(super) polls_due: BinaryHeap<Reverse<(Instant, usize)>>,
    pub(super) n_requests: u64,
}

impl Crowd {
    /// Waits for sockets that are ready, at most this long, and reads and writes all of them.
    ///
    /// The crowd waits without sleeping. To wake a sleeping receiver, a server sends an interrupt to another core, which on a
    /// virtual machine costs as much as a send; the slower a server is, the more receivers it would have to wake. Clients on
    /// other machines cost it nothing of the kind.
    pub(crate) fn step(&mut self, timeout: Duration) -> Result<()> {
        let mut ready = std::mem::take(&mut self.ready);
        let mut buffer = std::mem::take(&mut self.buffer);
        self.send_due_polls()?;
        let waiting_since = Instant::now();
        if !self.find_ready(&mut ready)? {
            while !self.find_ready(&mut ready)? && waiting_since.elapsed() < timeout && !self.is_poll_due() {}
            self.idle += waiting_since.elapsed();
        }
        self.take_stream_responses()?;
        for at in &ready {
            if at.token & POSTING != 0 {
                self.serve_posting(at, &mut buffer)?;
                continue;
            }
            if at.writable {
                self.links[at.token].socket().flush(&self.poller)?;
            }
            if at.readable {
                self.receive(at.token, &mut buffer).with_context(|| format!("on connection {}", at.token))?;
            }
        }
        (self.ready, self.buffer) = (ready, buffer);
        if self.next_tick <= Instant::now() {
            self.next_tick = Instant::now() + TICK_EVERY;
            for link in &mut self.links {
                if link.stage != Stage::Upgrade {
                    link.drive(&self.poller, Pilot::tick)?;
                }
            }
        }
        Ok(())
    }

    /// Runs the crowd for a time.
    pub(crate) fn run_for(&mut self, time: Duration) -> Result<()> {
        let end = Instant::now() + time;
        while Instant::now() < end {
            self.step(LONGEST_STEP.min(end.saturating_duration_since(Instant::now())))?;
        }
        Ok(())
    }

    /// Runs the crowd until every message that was posted has reached every receiver.
    ///
    /// # Errors
    /// When that takes longer than `within`: a message is lost.
    pub(crate) fn run_until_delivered(&mut self, within: Duration) -> Result<()> {
        let deadline = Instant::now() + within;
        while !self.has_everything() {
            self.step(LONGEST_STEP)?;
            ensure!(Instant::now() < deadline, "a message did not reach everyone within {} s", within.as_secs());
        }
        Ok(())
    }

    /// Finds the sockets that are ready, without waiting, and returns whether there is anything to take.
    fn find_ready(&mut self, ready: &mut Vec<Ready>) -> Result<bool> {
        self.poller.wait(ready, Some(Duration::ZERO))?;
        let has_answers = match &mut self.streams {
            Some(streams) => streams.poll()?,
            None => false,
        };
        Ok(has_answers || !ready.is_empty())
    }

    pub(crate) const fn idle(&self) -> Duration {
        self.idle
    }

    /// Sends the next operation of a connection that has none in flight. Latency counts from `due`, when the operation should
    /// have been sent, so that a server that holds back its senders gets no better figures.
    pub(crate) fn post(&mut self, sender: usize, due: Instant) -> Result<()> {
        let due_ns = u64::try_from(due.duration_since(self.started).as_nanos()).unwrap_or(u64::MAX);
        let number = self.log.post(due_ns);
        let text = message::text(number, self.body_bytes);
        let link = &mut self.links[sender];
        link.in_flight = Some(number);
        if link.pilot.is_some() {
            let log = &mut self.log;
            return link.drive(&self.poller, |pilot| {
                let (message, payloads) = pilot.send(&text)?;
                log.sent_as(number, SentAs { op: message.into(), message, is_reaction: false });
                Ok(payloads)
            });
        }
        let moment = pilot::moment();
        let chance = moment.random.first_chunk().expect("16 bytes have 10");
        let op = OpId::mint(moment.now, *chance);
        let (sent_as, what) = link.next_operation(self.mix, op, text);
        if self.dialect.acknowledges() {
            self.log.sent_as(number, sent_as);
        }
        let payload = self.dialect.operation(op, what);
        match self.transport {
            Transport::WebSocket => Ok(link.send(&self.poller, Opcode::Text, payload.as_bytes())?),
            Transport::LongPolling | Transport::LongPollingHttp2 | Transport::Polling | Transport::Stream => {
                self.post_by_request(sender, payload)
            }
        }
    }

    /// Moves the connections that may post again into `free`.
    pub(crate) fn take_free(&mut self, free: &mut Vec<usize>) {
        free.append(&mut self.free);
    }

    /// Messages received, over all receivers.
    pub(crate) fn n_deliveries(&self) -> u64 {
        self.n_deliveries
    }

    pub(crate) fn n_posted(&self) -> u64 {
        self.log.n_posted() as u64
    }

    /// HTTP requests so far.
    pub(crate) fn n_requests(&self) -> u64 {
        self.n_requests
    }

    /// Bytes so far, in both directions, over all connections.
    pub(crate) fn n_bytes(&self) -> u64 {
        let over_streams = self.streams.as_ref().map_or(0, Streams::n_bytes);
        self.links.iter().map(Link::n_bytes).sum::<u64>() + over_streams
    }

    /// How many long polls share one connection.
    pub(crate) fn n_polls_per_connection(&self) -> usize {
        self.streams.as_ref().map_or(1, Streams::n_polls_each)
    }

    pub(crate) fn n_receivers(&self) -> u64 {
        self.links.len() as u64
    }

    pub(crate) fn n_people(&self) -> usize {
        self.links.len()
    }

    /// Records the latency of each delivery from now on.
    pub(crate) fn keep_latency(&mut self) {
        self.latency = Some(Histogram::default());
    }

    pub(crate) fn take_latency(&mut self) -> Histogram {
        self.latency.take().unwrap_or_default()
    }

    /// Whether every message that was posted has reached every receiver and was acknowledged.
    pub(crate) fn has_everything(&self) -> bool {
        let acked = !self.dialect.acknowledges() || self.log.n_acked() >= self.log.n_posted();
        acked && self.n_deliveries >= self.n_posted() * self.n_receivers()
    }

    /// Waits for the last deliveries, closes all connections, and returns every fault.
    pub(crate) fn finish(mut self) -> Result<Vec<Fault>> {
        let deadline = Instant::now() + PATIENCE;
        while !self.has_everything() && Instant::now() < deadline {
            self.step(LONGEST_STEP)?;
        }
        let (head, expected) = (self.log.head(), self.log.expected());
        let mut faults = std::mem::take(&mut self.faults);
        faults.extend(self.log.faults());
        if self.dialect.acknowledges() && self.log.n_acked() < self.log.n_posted() {
            faults.push(Fault::Unacknowledged { missing: self.log.n_posted() - self.log.n_acked() });
        }
        for link in &self.links {
            faults.extend(link.receiver.faults(head));
            if let Some(belief) = link.pilot.as_ref().and_then(|pilot| pilot.misbelief(head, &expected)) {
                faults.push(Fault::Misbelieved { receiver: link.receiver.name(), belief });
            }
        }
        Ok(faults)
    }
}
