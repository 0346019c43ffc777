//! Posts at a steady rate, half of the saturated one: the latency of messages while the server is busy and keeps up. Latency
//! counts from when a message was due, also where its sender had to wait and posts it late.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::lone::Latency;
use crate::cost::{Cost, CostSample};
use crate::crowd::Crowd;
use crate::server_process::Server;

const WARM_UP: Duration = Duration::from_secs(1);
const LONGEST_STEP: Duration = Duration::from_millis(5);

pub(crate) fn run(
    crowd: &mut Crowd,
    server: &Server,
    n_senders: usize,
    posts_per_s: f64,
    window: Duration,
) -> Result<(Cost, Latency)> {
    let mut schedule = Schedule { every: Duration::from_secs_f64(1.0 / posts_per_s), due: Instant::now() };
    let mut free: Vec<usize> = (0..n_senders).collect();
    schedule.post_for(crowd, WARM_UP, &mut free)?;
    crowd.keep_latency();
    let sample = CostSample::take(server, crowd)?;
    schedule.post_for(crowd, window, &mut free)?;
    let cost = sample.cost_since(server, crowd)?;
    Ok((cost, Latency::from(&crowd.take_latency())))
}

/// When messages are due.
struct Schedule {
    every: Duration,
    /// When the next message is due.
    due: Instant,
}

impl Schedule {
    fn post_for(&mut self, crowd: &mut Crowd, time: Duration, free: &mut Vec<usize>) -> Result<()> {
        let end = Instant::now() + time;
        while Instant::now() < end {
            while self.due <= Instant::now() {
                let Some(sender) = free.pop() else { break };
                crowd.post(sender, self.due)?;
                self.due += self.every;
            }
            // While every sender waits, the next step ends with the next delivery.
            let rest = self.due.saturating_duration_since(Instant::now());
            crowd.step(if rest.is_zero() { LONGEST_STEP } else { rest.min(LONGEST_STEP) })?;
            crowd.take_free(free);
        }
        Ok(())
    }
}
