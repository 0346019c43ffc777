//! Connecting everyone in a plan, a few at a time, until they are all in the room. Part of [`Crowd`].

use std::collections::BinaryHeap;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use hubbub_protocol::Seq;

use super::asking::Asking;
use super::link::{Link, Stage};
use super::members::{Crowd, PATIENCE};
use super::plan::{Plan, Transport};
use super::streams::Streams;
use crate::checker::{Log, Receiver};
use crate::handshake;
use crate::poller::Poller;
use crate::socket::Socket;

/// A system call's worth of what one connection may have waiting; at least a frame of the largest size.
const READ_BYTES: usize = 512 * 1024;
/// The generator's connections come from this many addresses of the loopback network, 127.0.0.2 and on, so that none
/// runs out of ports: each has some 28,000.
const N_SOURCES: usize = 40;
/// On top of the patience for them all; a server that starts a process for each takes a while.
const PATIENCE_EACH: Duration = Duration::from_millis(5);

/// The address that a connection comes from.
pub(super) fn source_of(token: usize) -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 0, u8::try_from(2 + token % N_SOURCES).expect("a small number"))
}

impl Crowd {
    /// Connects everyone and waits until they are all in the room.
    pub(crate) fn gather(plan: &Plan<'_>) -> Result<Self> {
        let now = Instant::now();
        let mut crowd = Self {
            dialect: plan.dialect,
            release: plan.release,
            body_bytes: plan.body_bytes,
            poller: Poller::new()?,
            idle: Duration::ZERO,
            ready: Vec::new(),
            buffer: vec![0; READ_BYTES],
            links: Vec::with_capacity(plan.n_connections),
            n_live: 0,
            log: Log::new(Seq(0)),
            faults: Vec::new(),
            started: now,
            next_tick: now,
            free: Vec::new(),
            n_deliveries: 0,
            latency: None,
            server: plan.server,
            streams: if plan.transport == Transport::LongPollingHttp2 { Some(Streams::to(plan.server)?) } else { None },
            transport: plan.transport,
            to_ask: BinaryHeap::new(),
            n_requests: 0,
        };
        while crowd.n_live < plan.n_connections {
            while crowd.links.len() < plan.n_connections.min(crowd.n_live + plan.at_once) {
                crowd.open(plan)?;
            }
            crowd.turn(Duration::from_millis(100)).context("while gathering the crowd")?;
            if now.elapsed() > PATIENCE + PATIENCE_EACH * u32::try_from(plan.n_connections).unwrap_or(u32::MAX) {
                bail!("only {} of {} were in the room in time", crowd.n_live, plan.n_connections);
            }
        }
        Ok(crowd)
    }

    fn open(&mut self, plan: &Plan<'_>) -> Result<()> {
        let token = self.links.len();
        let socket = match self.streams {
            Some(_) => None,
            None => Some(Socket::connect(&self.poller, token, plan.server, source_of(token)).context("connecting")?),
        };
        let receiver = Receiver::new(token, Seq(0));
        let pilot = plan.pilot_of(token)?.map(Box::new);
        let mut link = Link {
            socket,
            saying: None,
            n_bytes_before: 0,
            asking: None,
            stage: Stage::Upgrade,
            receiver,
            in_flight: None,
            pilot,
        };
        let session = plan.session_of(token);
        if plan.transport == Transport::WebSocket {
            link.socket().send(&self.poller, handshake::request(plan.server, session).as_bytes())?;
        } else {
            link.asking = Some(Box::new(Asking::new(plan.server, session, plan.dialect)));
        }
        self.links.push(link);
        if plan.transport != Transport::WebSocket { self.ask(token) } else { Ok(()) }
    }
}
