//! Measures one server with one number of waiting connections: they are opened, all at once or a few at a time, watched while
//! nothing happens, and then receive one message. Runs call it with a fresh server, since memory that was used before would
//! hide what connections take.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde::Serialize;

use crate::checker::Fault;
use crate::cost::{Cost, CostSample};
use crate::crowd::{Crowd, CrowdPlan, Transport};
use crate::growth::Growth;
use crate::kernel;
use crate::scenario::idle::SETTLE;
use crate::server_process::Kind;
use crate::subject::Subject;

/// One message takes longer to all of them only if something is broken.
const REACHES_ALL_WITHIN: Duration = Duration::from_secs(30);

/// How connections come. A storm's requests are all in the server's memory at the same moment, which the allocator
/// keeps some of: what a connection holds is seen without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    AFewAtATime,
    Storm,
}

/// How many connections wait, over which transport, and for how long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WaitingPlan {
    pub(crate) transport: Transport,
    pub(crate) n_connections: usize,
    pub(crate) arrival: Arrival,
    pub(crate) window: Duration,
    pub(crate) message_bytes: usize,
}

/// What one server takes for one number of connections.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct WaitingFigures {
    pub(crate) kind: Kind,
    pub(crate) transport: Transport,
    pub(crate) n_connections: usize,
    /// How many polls share a connection: more than one over HTTP/2, where `n_connections` counts polls.
    pub(crate) n_polls_per_connection: usize,
    /// From the first connection's start until the last is in the room.
    pub(crate) all_in_after_s: f64,
    /// How many times the kernel turned a connection away meanwhile, because it had not been accepted.
    pub(crate) listen_overflows: u64,
    #[serde(flatten)]
    pub(crate) memory: Growth,
    /// While nothing happens.
    pub(crate) idle: Cost,
    /// From when the one message is posted until the last has it.
    pub(crate) last_has_it_ms: f64,
}

pub(crate) fn measure(subject: &Subject, waiting: WaitingPlan) -> Result<(WaitingFigures, Vec<Fault>)> {
    let server = &subject.server;
    let plan = subject.plan(waiting.transport, waiting.n_connections, waiting.message_bytes);
    let plan = match waiting.arrival {
        Arrival::AFewAtATime => plan,
        Arrival::Storm => CrowdPlan { at_once: waiting.n_connections, ..plan },
    };
    let (before, overflows) = (server.memory_bytes()?, kernel::listen_failures()?.overflows);
    let started = Instant::now();
    let mut crowd = Crowd::gather(&plan)?;
    let all_in_after_s = started.elapsed().as_secs_f64();
    let listen_overflows = kernel::listen_failures()?.overflows - overflows;
    crowd.run_for(SETTLE)?;
    let memory = Growth::since(before, server, &crowd)?;

    let sample = CostSample::take(server, &crowd)?;
    crowd.run_for(waiting.window)?;
    let idle = sample.cost_since(server, &crowd)?;

    let posted = Instant::now();
    crowd.post(0, posted)?;
    crowd.run_until_delivered(REACHES_ALL_WITHIN)?;
    let figures = WaitingFigures {
        kind: server.kind,
        transport: waiting.transport,
        n_connections: waiting.n_connections,
        n_polls_per_connection: crowd.n_polls_per_connection(),
        all_in_after_s,
        listen_overflows,
        memory,
        idle,
        last_has_it_ms: posted.elapsed().as_secs_f64() * 1e3,
    };
    Ok((figures, crowd.finish()?))
}
