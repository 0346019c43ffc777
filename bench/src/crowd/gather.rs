//! Gathers a crowd: opens the connections of a plan, a few at a time, until all of them are in the room.

use std::collections::BinaryHeap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use hubbub_protocol::Seq;

use super::link::{Link, Stage};
use super::members::{Crowd, PATIENCE};
use super::plan::{CrowdPlan, Transport};
use super::requests::RequestWriter;
use super::streams::Streams;
use super::token::source_of;
use crate::checker::{Log, Receiver};
use crate::handshake;
use crate::poller::Poller;
use crate::socket::Socket;

/// The most bytes that one system call reads from a connection; at least one frame of the largest size.
const READ_BYTES: usize = 512 * 1024;
/// Added to the time limit for each connection: a server that starts a process for each needs it.
const PATIENCE_EACH: Duration = Duration::from_millis(5);

impl Crowd {
    /// Opens all connections of a plan and waits until each is in the room.
    ///
    /// # Errors
    /// When a connection fails, or when not all are in the room in time.
    pub(crate) fn gather(plan: &CrowdPlan<'_>) -> Result<Self> {
        let now = Instant::now();
        let mut crowd = Self {
            dialect: plan.dialect,
            release: plan.release,
            mix: plan.mix,
            after: plan.after,
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
            polls_due: BinaryHeap::new(),
            n_requests: 0,
        };
        while crowd.n_live < plan.n_connections {
            while crowd.links.len() < plan.n_connections.min(crowd.n_live + plan.at_once) {
                crowd.open(plan)?;
            }
            crowd.step(Duration::from_millis(100)).context("while gathering the crowd")?;
            if now.elapsed() > PATIENCE + PATIENCE_EACH * u32::try_from(plan.n_connections).unwrap_or(u32::MAX) {
                bail!("only {} of {} were in the room in time", crowd.n_live, plan.n_connections);
            }
        }
        Ok(crowd)
    }

    fn open(&mut self, plan: &CrowdPlan<'_>) -> Result<()> {
        let token = self.links.len();
        let socket = match self.streams {
            Some(_) => None,
            None => Some(Socket::connect(&self.poller, token, plan.server, source_of(token)).context("connecting")?),
        };
        let receiver = Receiver::new(token, Seq(0));
        let pilot = plan.pilot_of(token)?.map(Box::new);
        let mut link = Link {
            socket,
            posting: None,
            n_bytes_before: 0,
            requests: None,
            stage: Stage::Upgrade,
            receiver,
            in_flight: None,
            n_sent: 0,
            own: None,
            pilot,
        };
        let session = plan.session_of(token);
        if plan.transport == Transport::WebSocket {
            link.socket().send(&self.poller, handshake::request(plan.server, session, plan.group).as_bytes())?;
        } else {
            link.requests = Some(Box::new(RequestWriter::new(plan.server, session, plan.dialect)));
        }
        self.links.push(link);
        if plan.transport != Transport::WebSocket { self.poll(token) } else { Ok(()) }
    }
}
