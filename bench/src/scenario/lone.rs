//! One message in flight: the next is posted when everyone has the last. It shows what a message costs when nothing
//! can share its write, which is how a chat spends most of its day.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde::Serialize;

use crate::cost::{Cost, Look};
use crate::crowd::Crowd;
use crate::histogram::Histogram;
use crate::server_process::Server;

const WARM_UP: Duration = Duration::from_millis(500);
/// A message that takes longer than this to reach everyone is lost.
const REACHES_ALL_WITHIN: Duration = Duration::from_secs(5);
/// Who posts.
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
    let look = Look::at(server, crowd)?;
    one_by_one(crowd, window)?;
    let cost = look.cost_since(server, crowd)?;
    Ok((cost, Latency::from(&crowd.take_latency())))
}

fn one_by_one(crowd: &mut Crowd, time: Duration) -> Result<()> {
    let end = Instant::now() + time;
    while Instant::now() < end {
        crowd.post(SENDER, Instant::now())?;
        crowd.turn_until_everything(REACHES_ALL_WITHIN)?;
    }
    crowd.take_free(&mut Vec::new());
    Ok(())
}
