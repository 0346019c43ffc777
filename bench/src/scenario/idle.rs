//! What a connection holds that is in a room where nothing happens: the growth of the server's resident memory, per
//! connection.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde::Serialize;

use crate::checker::Fault;
use crate::crowd::{Crowd, Plan};
use crate::server_process::Server;

/// Presence is told at most once a second; after three, all who came have been told of.
const SETTLE: Duration = Duration::from_secs(3);

#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Idle {
    pub(crate) n_connections: usize,
    pub(crate) rss_before_kb: f64,
    pub(crate) rss_after_kb: f64,
    pub(crate) kb_per_connection: f64,
}

#[expect(clippy::cast_precision_loss, reason = "bytes of memory, far below 2^52")]
pub(crate) fn run(server: &Server, plan: &Plan<'_>) -> Result<(Idle, Vec<Fault>)> {
    let before = server.rss_bytes()? as f64 / 1024.0;
    let mut crowd = Crowd::gather(plan)?;
    let settled = Instant::now() + SETTLE;
    while Instant::now() < settled {
        crowd.turn(Duration::from_millis(100))?;
    }
    let after = server.rss_bytes()? as f64 / 1024.0;
    let idle = Idle {
        n_connections: plan.n_connections,
        rss_before_kb: before,
        rss_after_kb: after,
        kb_per_connection: (after - before) / plan.n_connections as f64,
    };
    Ok((idle, crowd.disperse()?))
}
