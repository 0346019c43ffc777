//! What a crowd costs its server between two looks: CPU, requests and bytes, for each person in it. The transports and
//! the idle connections are compared by it.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde::Serialize;

use crate::crowd::Crowd;
use crate::server_process::Server;

/// One look.
pub(crate) struct Look {
    at: Instant,
    server_cpu: Duration,
    server_core: Duration,
    n_requests: u64,
    n_bytes: u64,
    n_deliveries: u64,
}

/// What was spent between a look and now.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Cost {
    /// How long it was looked at.
    pub(crate) seconds: f64,
    pub(crate) requests_per_s: f64,
    /// Both ways, without the heads of TCP and IP.
    pub(crate) bytes_per_person_per_minute: f64,
    pub(crate) cpu_us_per_person_per_s: f64,
    pub(crate) cpu_us_per_delivery: f64,
    /// A share of a core, 0 to 1.
    pub(crate) server_busy: f64,
    /// What others took of the server's core.
    pub(crate) others_busy: f64,
}

impl Look {
    pub(crate) fn at(server: &Server, crowd: &Crowd) -> Result<Self> {
        Ok(Self {
            server_cpu: server.exact_cpu_time()?,
            server_core: server.core_time()?,
            n_requests: crowd.n_requests(),
            n_bytes: crowd.n_bytes(),
            n_deliveries: crowd.n_deliveries(),
            at: Instant::now(),
        })
    }

    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    pub(crate) fn cost_since(&self, server: &Server, crowd: &Crowd) -> Result<Cost> {
        let now = Self::at(server, crowd)?;
        let seconds = now.at.duration_since(self.at).as_secs_f64();
        let n_people = crowd.n_receivers() as f64;
        let cpu = now.server_cpu.saturating_sub(self.server_cpu).as_secs_f64();
        let core = now.server_core.saturating_sub(self.server_core).as_secs_f64();
        Ok(Cost {
            seconds,
            requests_per_s: (now.n_requests - self.n_requests) as f64 / seconds,
            bytes_per_person_per_minute: (now.n_bytes - self.n_bytes) as f64 / n_people / seconds * 60.0,
            cpu_us_per_person_per_s: cpu * 1e6 / n_people / seconds,
            cpu_us_per_delivery: cpu * 1e6 / (now.n_deliveries - self.n_deliveries).max(1) as f64,
            server_busy: cpu / seconds,
            others_busy: (core - cpu).max(0.0) / seconds,
        })
    }
}
