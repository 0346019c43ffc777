//! What a connection holds that is in a room where nothing happens.

use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

use crate::checker::Fault;
use crate::crowd::{Crowd, Plan};
use crate::growth::Growth;
use crate::server_process::Server;

/// Presence is told at most once a second; after three, all who came have been told of.
pub(crate) const SETTLE: Duration = Duration::from_secs(3);

#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Idle {
    pub(crate) n_connections: usize,
    #[serde(flatten)]
    pub(crate) memory: Growth,
}

pub(crate) fn run(server: &Server, plan: &Plan<'_>) -> Result<(Idle, Vec<Fault>)> {
    let before = server.memory_bytes()?;
    let mut crowd = Crowd::gather(plan)?;
    crowd.turn_for(SETTLE)?;
    let memory = Growth::since(before, server, &crowd)?;
    Ok((Idle { n_connections: plan.n_connections, memory }, crowd.disperse()?))
}
