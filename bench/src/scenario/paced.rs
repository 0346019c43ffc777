//! A steady rate, half of what saturates: how long a message takes when the server is busy but keeps up. Latency counts
//! from when a message was due, to each receiver; a message whose sender is still waiting is posted late and counts so.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::lone::Latency;
use crate::cost::{Cost, Look};
use crate::crowd::Crowd;
use crate::server_process::Server;

const WARM_UP: Duration = Duration::from_secs(1);
const TURN: Duration = Duration::from_millis(5);

pub(crate) fn run(
    crowd: &mut Crowd,
    server: &Server,
    n_senders: usize,
    posts_per_s: f64,
    window: Duration,
) -> Result<(Cost, Latency)> {
    let mut pace = Pace { every: Duration::from_secs_f64(1.0 / posts_per_s), due: Instant::now() };
    let mut free: Vec<usize> = (0..n_senders).collect();
    pace.post_for(crowd, WARM_UP, &mut free)?;
    crowd.keep_latency();
    let look = Look::at(server, crowd)?;
    pace.post_for(crowd, window, &mut free)?;
    let cost = look.cost_since(server, crowd)?;
    Ok((cost, Latency::from(&crowd.take_latency())))
}

struct Pace {
    every: Duration,
    /// When the next message is to be posted.
    due: Instant,
}

impl Pace {
    fn post_for(&mut self, crowd: &mut Crowd, time: Duration, free: &mut Vec<usize>) -> Result<()> {
        let end = Instant::now() + time;
        while Instant::now() < end {
            while self.due <= Instant::now() {
                let Some(sender) = free.pop() else { break };
                crowd.post(sender, self.due)?;
                self.due += self.every;
            }
            // With everyone waiting only an arrival helps, and that ends a turn by itself.
            let rest = self.due.saturating_duration_since(Instant::now());
            crowd.turn(if rest.is_zero() { TURN } else { rest.min(TURN) })?;
            crowd.take_free(free);
        }
        Ok(())
    }
}
