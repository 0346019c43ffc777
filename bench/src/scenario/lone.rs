//! Posts one message at a time: the next when everyone has the last. This shows the cost of a message that shares its writes
//! with no other, as most messages of a chat do.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde::Serialize;

use crate::cost::{Cost, CostSample};
use crate::crowd::Crowd;
use crate::histogram::Histogram;
use crate::server_process::Server;

const WARM_UP: Duration = Duration::from_millis(500);
/// A message that takes longer than this is lost.
const REACHES_ALL_WITHIN: Duration = Duration::from_secs(5);
/// The connection that posts.
const SENDER: usize = 0;

#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Latency {
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
}

impl From<&Histogram> for Latency {
    fn from(histogram: &Histogram) -> Self {
        let ms = |share| histogram.quantile(share).as_secs_f64() * 1e3;
        Self { p50_ms: ms(0.5), p99_ms: ms(0.99) }
    }
}

pub(crate) fn run(crowd: &mut Crowd, server: &Server, window: Duration) -> Result<(Cost, Latency)> {
    one_by_one(crowd, WARM_UP)?;
    crowd.keep_latency();
    let sample = CostSample::take(server, crowd)?;
    one_by_one(crowd, window)?;
    let cost = sample.cost_since(server, crowd)?;
    Ok((cost, Latency::from(&crowd.take_latency())))
}

fn one_by_one(crowd: &mut Crowd, time: Duration) -> Result<()> {
    let end = Instant::now() + time;
    while Instant::now() < end {
        crowd.post(SENDER, Instant::now())?;
        crowd.run_until_delivered(REACHES_ALL_WITHIN)?;
    }
    crowd.take_free(&mut Vec::new());
    Ok(())
}
