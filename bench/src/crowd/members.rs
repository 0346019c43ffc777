//! The crowd itself: what scenarios turn, let post and count. It doesn't judge what arrives; `receive` hands that to the
//! checker.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::net::SocketAddrV4;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hubbub_protocol::MessageId;

use super::link::{Link, Stage};
use super::over_http::SAYING;
use super::pilot::{self, Pilot};
use super::plan::{Release, Transport};
use super::streams::Streams;
use crate::checker::{Fault, Log};
use crate::dialect::Dialect;
use crate::frame::Opcode;
use crate::histogram::Histogram;
use crate::message;
use crate::poller::{Poller, Ready};

/// Connecting, or everyone having everything, takes longer only if something is broken.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);
/// How often engines are asked whether something is due.
const TICK_EVERY: Duration = Duration::from_millis(100);
/// The longest turn, where nothing else is to be done meanwhile.
const TURN: Duration = Duration::from_millis(10);

pub(crate) struct Crowd {
    pub(super) dialect: Dialect,
    pub(super) release: Release,
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
    /// Who may post again. The scenario takes them from here.
    pub(super) free: Vec<usize>,
    pub(super) n_deliveries: u64,
    /// Time that it has waited with nothing to take.
    pub(super) idle: Duration,
    pub(super) latency: Option<Histogram>,
    pub(super) server: SocketAddrV4,
    /// Only over HTTP/2.
    pub(super) streams: Option<Streams>,
    pub(super) transport: Transport,
    /// Who asks next, and when; those that wait for an answer are not in it.
    pub(super) to_ask: BinaryHeap<Reverse<(Instant, usize)>>,
    pub(super) n_requests: u64,
}

impl Crowd {
    /// Waits for sockets, at most this long, and takes all that they bring.
    ///
    /// It waits awake: a server pays for waking a sleeping receiver, by an interrupt to another core that costs as much
    /// as a send where the machine is virtual, and the slower it is the more of them it finds asleep. Clients on machines
    /// of their own cost it nothing of the kind.
    pub(crate) fn turn(&mut self, timeout: Duration) -> Result<()> {
        let mut ready = std::mem::take(&mut self.ready);
        let mut buffer = std::mem::take(&mut self.buffer);
        self.ask_who_is_due()?;
        let waiting_since = Instant::now();
        if !self.look(&mut ready)? {
            while !self.look(&mut ready)? && waiting_since.elapsed() < timeout && !self.is_ask_due() {}
            self.idle += waiting_since.elapsed();
        }
        self.answers_of_streams()?;
        for at in &ready {
            if at.token & SAYING != 0 {
                self.hear_what_was_said(at, &mut buffer)?;
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

    /// Turns for so long.
    pub(crate) fn turn_for(&mut self, time: Duration) -> Result<()> {
        let end = Instant::now() + time;
        while Instant::now() < end {
            self.turn(TURN.min(end.saturating_duration_since(Instant::now())))?;
        }
        Ok(())
    }

    /// Turns until all that was posted has reached everyone.
    ///
    /// # Errors
    /// When it hasn't by then: something is lost.
    pub(crate) fn turn_until_everything(&mut self, within: Duration) -> Result<()> {
        let deadline = Instant::now() + within;
        while !self.has_everything() {
            self.turn(TURN)?;
            ensure!(Instant::now() < deadline, "a message did not reach everyone within {} s", within.as_secs());
        }
        Ok(())
    }

    /// Whether something has come. Doesn't wait for it.
    fn look(&mut self, ready: &mut Vec<Ready>) -> Result<bool> {
        self.poller.wait(ready, Some(Duration::ZERO))?;
        let has_answers = match &mut self.streams {
            Some(streams) => streams.turn()?,
            None => false,
        };
        Ok(has_answers || !ready.is_empty())
    }

    pub(crate) const fn idle(&self) -> Duration {
        self.idle
    }

    /// Posts the next message from a connection that has none in flight. `due` is when it should have been posted:
    /// latencies count from there, so that a server that holds back its author is not flattered.
    pub(crate) fn post(&mut self, sender: usize, due: Instant) -> Result<()> {
        let due_ns = u64::try_from(due.duration_since(self.started).as_nanos()).unwrap_or(u64::MAX);
        let number = self.log.post(due_ns);
        let text = message::text(number, self.body_bytes);
        let link = &mut self.links[sender];
        link.in_flight = Some(number);
        if link.pilot.is_some() {
            return link.drive(&self.poller, |pilot| pilot.send(&text));
        }
        let moment = pilot::moment();
        let chance = moment.random.first_chunk().expect("16 bytes have 10");
        let payload = self.dialect.post(MessageId::mint(moment.now, *chance), text);
        match self.transport {
            Transport::WebSocket => Ok(link.say(&self.poller, Opcode::Text, payload.as_bytes())?),
            Transport::LongPolling | Transport::LongPollingHttp2 | Transport::Polling | Transport::Stream => {
                self.say_by_request(sender, payload)
            }
        }
    }

    /// Those who have become free to post since this was last asked.
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

    /// Requests over HTTP so far.
    pub(crate) fn n_requests(&self) -> u64 {
        self.n_requests
    }

    /// Bytes so far, both ways, over all connections.
    pub(crate) fn n_bytes(&self) -> u64 {
        let over_streams = self.streams.as_ref().map_or(0, Streams::n_bytes);
        self.links.iter().map(Link::n_bytes).sum::<u64>() + over_streams
    }

    /// How many of them ask over one connection.
    pub(crate) fn n_asks_per_connection(&self) -> usize {
        self.streams.as_ref().map_or(1, Streams::n_asks_each)
    }

    pub(crate) fn n_receivers(&self) -> u64 {
        self.links.len() as u64
    }

    pub(crate) fn n_people(&self) -> usize {
        self.links.len()
    }

    /// From now on, how long each delivery took is kept.
    pub(crate) fn keep_latency(&mut self) {
        self.latency = Some(Histogram::default());
    }

    pub(crate) fn take_latency(&mut self) -> Histogram {
        self.latency.take().unwrap_or_default()
    }

    /// Whether all that was posted has reached everyone and was acknowledged.
    pub(crate) fn has_everything(&self) -> bool {
        let acked = !self.dialect.acknowledges() || self.log.n_acked() >= self.log.n_posted();
        acked && self.n_deliveries >= self.n_posted() * self.n_receivers()
    }

    /// Waits until everyone has everything, or patience ends, and says what was wrong.
    pub(crate) fn disperse(mut self) -> Result<Vec<Fault>> {
        let deadline = Instant::now() + PATIENCE;
        while !self.has_everything() && Instant::now() < deadline {
            self.turn(TURN)?;
        }
        let head = self.log.head();
        let mut faults = std::mem::take(&mut self.faults);
        faults.extend(self.log.faults());
        if self.dialect.acknowledges() && self.log.n_acked() < self.log.n_posted() {
            faults.push(Fault::Unacknowledged { missing: self.log.n_posted() - self.log.n_acked() });
        }
        for link in &self.links {
            faults.extend(link.receiver.faults(head));
            if let Some(belief) = link.pilot.as_ref().and_then(|pilot| pilot.misbelief(head)) {
                faults.push(Fault::Misbelieved { receiver: link.receiver.name(), belief });
            }
        }
        Ok(faults)
    }
}
