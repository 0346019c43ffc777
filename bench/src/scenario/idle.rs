//! Measures the memory of a connection in a room where nothing happens.

use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

use crate::checker::Fault;
use crate::crowd::{Crowd, CrowdPlan};
use crate::growth::Growth;
use crate::server_process::Server;

/// Presence is sent at most once a second. After three seconds everyone has received the presence.
pub(crate) const SETTLE: Duration = Duration::from_secs(3);

#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Idle {
    pub(crate) n_connections: usize,
    #[serde(flatten)]
    pub(crate) memory: Growth,
}

pub(crate) fn run(server: &Server, plan: &CrowdPlan<'_>) -> Result<(Idle, Vec<Fault>)> {
    let before = server.memory_bytes()?;
    let mut crowd = Crowd::gather(plan)?;
    crowd.run_for(SETTLE)?;
    let memory = Growth::since(before, server, &crowd)?;
    Ok((Idle { n_connections: plan.n_connections, memory }, crowd.finish()?))
}
