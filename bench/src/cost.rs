//! What a crowd costs its server between two samples: CPU time, requests, bytes and deliveries. Every measurement of rates
//! uses it.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde::Serialize;

use crate::crowd::Crowd;
use crate::server_process::Server;

/// The counters of the server and the crowd at one moment.
pub(crate) struct CostSample {
    at: Instant,
    server_cpu: Duration,
    server_core: Duration,
    generator_idle: Duration,
    n_deliveries: u64,
    n_posts: u64,
    n_requests: u64,
    n_bytes: u64,
}

/// What the server spent between two samples.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Cost {
    /// The time between the samples.
    pub(crate) seconds: f64,
    pub(crate) deliveries_per_s: f64,
    pub(crate) posts_per_s: f64,
    /// HTTP requests.
    pub(crate) requests_per_s: f64,
    /// In both directions, without the headers of TCP and IP.
    pub(crate) bytes_per_person_per_minute: f64,
    pub(crate) cpu_us_per_person_per_s: f64,
    pub(crate) cpu_us_per_delivery: f64,
    pub(crate) cpu_us_per_post: f64,
    /// Shares of a core, 0 to 1. If the generator is near 1, the generator was the limit and not the server.
    pub(crate) server_busy: f64,
    pub(crate) generator_busy: f64,
    /// The share of other processes on the server's core, which makes every figure worse.
    pub(crate) others_busy: f64,
}

impl CostSample {
    pub(crate) fn take(server: &Server, crowd: &Crowd) -> Result<Self> {
        Ok(Self {
            server_cpu: server.cpu_time()?,
            server_core: server.core_time()?,
            generator_idle: crowd.idle(),
            n_deliveries: crowd.n_deliveries(),
            n_posts: crowd.n_posted(),
            n_requests: crowd.n_requests(),
            n_bytes: crowd.n_bytes(),
            at: Instant::now(),
        })
    }

    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    pub(crate) fn cost_since(&self, server: &Server, crowd: &Crowd) -> Result<Cost> {
        let now = Self::take(server, crowd)?;
        let seconds = now.at.duration_since(self.at).as_secs_f64();
        let n_people = crowd.n_receivers() as f64;
        let n_deliveries = (now.n_deliveries - self.n_deliveries) as f64;
        let n_posts = (now.n_posts - self.n_posts) as f64;
        // The CPU time of a process that has ended is no longer counted.
        let cpu = now.server_cpu.saturating_sub(self.server_cpu).as_secs_f64();
        let core = now.server_core.saturating_sub(self.server_core).as_secs_f64();
        Ok(Cost {
            seconds,
            deliveries_per_s: n_deliveries / seconds,
            posts_per_s: n_posts / seconds,
            requests_per_s: (now.n_requests - self.n_requests) as f64 / seconds,
            bytes_per_person_per_minute: (now.n_bytes - self.n_bytes) as f64 / n_people / seconds * 60.0,
            cpu_us_per_person_per_s: cpu * 1e6 / n_people / seconds,
            cpu_us_per_delivery: cpu * 1e6 / n_deliveries.max(1.0),
            cpu_us_per_post: cpu * 1e6 / n_posts.max(1.0),
            server_busy: cpu / seconds,
            generator_busy: 1.0 - (now.generator_idle - self.generator_idle).as_secs_f64() / seconds,
            others_busy: (core - cpu).max(0.0) / seconds,
        })
    }
}
