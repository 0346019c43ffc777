//! Lets everyone come back at once, as after a restart: connections that have a cursor at the head connect, say `hello`, and
//! wait for `resumed`. At a relay, only the upgrade is measured.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde::Serialize;

use crate::checker::Fault;
use crate::crowd::{Crowd, CrowdPlan};
use crate::server_process::Server;

/// How many connections are opening at a time: fewer than the listener's queue holds (4,096), since the kernel retries a
/// connection that it refused only after a second.
pub(crate) const AT_ONCE: usize = 4_000;
/// One message takes longer to all of them only if a connection is lost.
const REACHES_ALL_WITHIN: Duration = Duration::from_secs(20);
/// The connection that posts.
const SENDER: usize = 0;

#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct ResumeStorm {
    pub(crate) n_connections: usize,
    /// From opening the first connection until the last has resumed.
    pub(crate) all_back_after_s: f64,
    /// CPU time of the server in that time, for each connection.
    pub(crate) cpu_us_each: f64,
}

/// Measures a fresh server. Afterwards one message has to reach every connection: none was lost.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
pub(crate) fn run(server: &Server, plan: &CrowdPlan<'_>) -> Result<(ResumeStorm, Vec<Fault>)> {
    let (cpu_before, started) = (server.cpu_time()?, Instant::now());
    let mut crowd = Crowd::gather(plan)?;
    let (cpu, took) = (server.cpu_time()?.saturating_sub(cpu_before), started.elapsed());
    crowd.post(SENDER, Instant::now())?;
    crowd.run_until_delivered(REACHES_ALL_WITHIN)?;
    let storm = ResumeStorm {
        n_connections: plan.n_connections,
        all_back_after_s: took.as_secs_f64(),
        cpu_us_each: cpu.as_secs_f64() * 1e6 / plan.n_connections as f64,
    };
    Ok((storm, crowd.finish()?))
}
