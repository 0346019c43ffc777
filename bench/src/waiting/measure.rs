//! One server with one number of connections that wait: opened, all at once or a few at a time, watched while nothing happens, and told one
//! thing. Runs call it with a fresh server, since memory that was used before would hide what connections take.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde::Serialize;

use crate::checker::Fault;
use crate::cost::{Cost, Look};
use crate::crowd::{Crowd, Plan, Release, Transport};
use crate::dialect::Dialect;
use crate::kernel;
use crate::server_process::Kind;
use crate::subject::Subject;

/// Presence is told at most once a second; after three, all who came have been told of.
const SETTLE: Duration = Duration::from_secs(3);
const TURN: Duration = Duration::from_millis(100);
/// One message takes longer to all of them only if something is broken.
const REACHES_ALL_WITHIN: Duration = Duration::from_secs(30);

/// Most that are on their way into the room at a time, where there is no storm.
const A_FEW: usize = 256;

/// How connections come. A storm's requests are all in the server's memory at the same moment, which the allocator
/// keeps some of: what a connection holds is seen without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    AFewAtATime,
    Storm,
}

/// How many wait, over what, for how long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub(crate) transport: Transport,
    pub(crate) n_connections: usize,
    pub(crate) arrival: Arrival,
    pub(crate) window: Duration,
    pub(crate) message_bytes: usize,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Waiting {
    pub(crate) kind: Kind,
    pub(crate) transport: Transport,
    pub(crate) n_connections: usize,
    /// Over HTTP/2 many ask over one, and what is counted is who asks.
    pub(crate) n_asks_per_connection: usize,
    /// From the first connection's start until the last is in the room.
    pub(crate) all_in_after_s: f64,
    /// How many times the kernel turned a connection away meanwhile, because it had not been accepted.
    pub(crate) listen_overflows: u64,
    pub(crate) memory_before_kb: f64,
    pub(crate) memory_after_kb: f64,
    pub(crate) kb_per_connection: f64,
    /// While nothing happens.
    pub(crate) idle: Cost,
    /// From when the one message is posted until the last has it.
    pub(crate) last_has_it_ms: f64,
}

#[expect(clippy::cast_precision_loss, reason = "bytes of memory and counts, far below 2^52")]
pub(crate) fn measure(subject: &Subject, asked: Asked) -> Result<(Waiting, Vec<Fault>)> {
    let server = &subject.server;
    let kb = || server.memory_bytes().map(|bytes| bytes as f64 / 1024.0);
    let (before, overflows) = (kb()?, kernel::listen_failures()?.overflows);
    let started = Instant::now();
    let mut crowd = Crowd::gather(&plan(subject, asked))?;
    let all_in_after_s = started.elapsed().as_secs_f64();
    let listen_overflows = kernel::listen_failures()?.overflows - overflows;
    turn_for(&mut crowd, SETTLE)?;
    let after = kb()?;

    let look = Look::at(server, &crowd)?;
    turn_for(&mut crowd, asked.window)?;
    let idle = look.cost_since(server, &crowd)?;

    let posted = Instant::now();
    crowd.post(0, posted)?;
    while !crowd.has_everything() {
        crowd.turn(TURN)?;
        ensure!(posted.elapsed() < REACHES_ALL_WITHIN, "one message did not reach everyone");
    }
    let figures = Waiting {
        kind: server.kind,
        transport: asked.transport,
        n_connections: asked.n_connections,
        n_asks_per_connection: crowd.n_asks_per_connection(),
        all_in_after_s,
        listen_overflows,
        memory_before_kb: before,
        memory_after_kb: after,
        kb_per_connection: (after - before) / asked.n_connections as f64,
        idle,
        last_has_it_ms: posted.elapsed().as_secs_f64() * 1e3,
    };
    Ok((figures, crowd.disperse()?))
}

fn plan(subject: &Subject, asked: Asked) -> Plan<'_> {
    Plan {
        server: subject.server.address,
        dialect: subject.dialect,
        sessions: &subject.sessions,
        n_connections: asked.n_connections,
        at_once: if asked.arrival == Arrival::Storm { asked.n_connections } else { A_FEW },
        n_engines_each: 0,
        body_bytes: asked.message_bytes,
        release: if subject.dialect == Dialect::Relay { Release::AtDelivery } else { Release::AtAck },
        transport: asked.transport,
    }
}

fn turn_for(crowd: &mut Crowd, time: Duration) -> Result<()> {
    let end = Instant::now() + time;
    while Instant::now() < end {
        crowd.turn(TURN.min(end.saturating_duration_since(Instant::now())))?;
    }
    Ok(())
}
