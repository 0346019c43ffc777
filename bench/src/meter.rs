//! What happened between two looks at a server and its crowd. Scenarios that run for a time read their rates from it.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde::Serialize;

use crate::crowd::Crowd;
use crate::server_process::Server;

/// One look.
pub(crate) struct Meter {
    at: Instant,
    server_cpu: Duration,
    server_core: Duration,
    generator_idle: Duration,
    n_deliveries: u64,
    n_posts: u64,
}

/// Rates between a look and now.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Rates {
    pub(crate) deliveries_per_s: f64,
    pub(crate) posts_per_s: f64,
    pub(crate) server_cpu_us_per_delivery: f64,
    pub(crate) server_cpu_us_per_post: f64,
    /// Shares of a core, 0 to 1. A generator near 1 means that the figure is the generator's and not the server's.
    pub(crate) server_busy: f64,
    pub(crate) generator_busy: f64,
    /// What others took of the server's core. Much of it makes every figure worse than it is.
    pub(crate) others_busy: f64,
}

impl Meter {
    pub(crate) fn look(server: &Server, crowd: &Crowd) -> Result<Self> {
        Ok(Self {
            server_cpu: server.cpu_time()?,
            server_core: server.core_time()?,
            generator_idle: crowd.idle(),
            n_deliveries: crowd.n_deliveries(),
            n_posts: crowd.n_posted(),
            at: Instant::now(),
        })
    }

    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    pub(crate) fn rates_since(&self, server: &Server, crowd: &Crowd) -> Result<Rates> {
        let now = Self::look(server, crowd)?;
        let seconds = now.at.duration_since(self.at).as_secs_f64();
        let n_deliveries = (now.n_deliveries - self.n_deliveries) as f64;
        let n_posts = (now.n_posts - self.n_posts) as f64;
        let server_cpu = (now.server_cpu - self.server_cpu).as_secs_f64();
        let core = (now.server_core - self.server_core).as_secs_f64();
        Ok(Rates {
            deliveries_per_s: n_deliveries / seconds,
            posts_per_s: n_posts / seconds,
            server_cpu_us_per_delivery: server_cpu * 1e6 / n_deliveries.max(1.0),
            server_cpu_us_per_post: server_cpu * 1e6 / n_posts.max(1.0),
            server_busy: server_cpu / seconds,
            generator_busy: 1.0 - (now.generator_idle - self.generator_idle).as_secs_f64() / seconds,
            others_busy: (core - server_cpu).max(0.0) / seconds,
        })
    }
}
