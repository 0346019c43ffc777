//! Posts as much as the server takes: every sender posts again as soon as it may. With a thousand receivers this measures the
//! saturated fan-out. With the senders alone, released by their acks, it measures the rate of durable posts.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::cost::{Cost, CostSample};
use crate::crowd::Crowd;
use crate::server_process::Server;

/// After this time, queues and buffers have their sizes, and Node has compiled what runs often.
const WARM_UP: Duration = Duration::from_secs(1);
const LONGEST_STEP: Duration = Duration::from_millis(10);

pub(crate) fn run(crowd: &mut Crowd, server: &Server, n_senders: usize, window: Duration) -> Result<Cost> {
    let mut free: Vec<usize> = (0..n_senders).collect();
    post_for(crowd, WARM_UP, &mut free)?;
    let sample = CostSample::take(server, crowd)?;
    post_for(crowd, window, &mut free)?;
    sample.cost_since(server, crowd)
}

fn post_for(crowd: &mut Crowd, time: Duration, free: &mut Vec<usize>) -> Result<()> {
    let end = Instant::now() + time;
    loop {
        let now = Instant::now();
        if now >= end {
            return Ok(());
        }
        for sender in free.drain(..) {
            crowd.post(sender, now)?;
        }
        crowd.step(LONGEST_STEP)?;
        crowd.take_free(free);
    }
}
