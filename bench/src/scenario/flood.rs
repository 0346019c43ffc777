//! As much as the server takes: every sender posts again as soon as it may. With a thousand receivers this is the
//! saturated fan-out; with the senders alone, and released by their acks, it is the rate of durable posts.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::cost::{Cost, Look};
use crate::crowd::Crowd;
use crate::server_process::Server;

/// Until queues, buffers and the just-in-time compiler are warm.
const WARM_UP: Duration = Duration::from_secs(1);
const TURN: Duration = Duration::from_millis(10);

pub(crate) fn run(crowd: &mut Crowd, server: &Server, n_senders: usize, window: Duration) -> Result<Cost> {
    let mut free: Vec<usize> = (0..n_senders).collect();
    post_for(crowd, WARM_UP, &mut free)?;
    let look = Look::at(server, crowd)?;
    post_for(crowd, window, &mut free)?;
    look.cost_since(server, crowd)
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
        crowd.turn(TURN)?;
        crowd.take_free(free);
    }
}
