//! Measures one transport at one rate of messages: the cost, and the latency of each message to each person.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde::Serialize;

use crate::cost::{Cost, CostSample};
use crate::crowd::Crowd;
use crate::scenario::lone::Latency;
use crate::server_process::Server;

const LONGEST_STEP: Duration = Duration::from_millis(10);
/// Polling brings a message within 5 s. A message that takes longer than this is lost.
const REACHES_ALL_WITHIN: Duration = Duration::from_secs(20);
/// How many people post, one after the other.
const N_POSTERS: usize = 8;

/// How often a message is posted in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Rate {
    OneAMinute,
    OneASecond,
    TenASecond,
}

impl Rate {
    pub(super) const ALL: [Self; 3] = [Self::OneAMinute, Self::OneASecond, Self::TenASecond];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::OneAMinute => "one a minute",
            Self::OneASecond => "one a second",
            Self::TenASecond => "ten a second",
        }
    }

    fn every(self) -> Duration {
        match self {
            Self::OneAMinute => Duration::from_secs(60),
            Self::OneASecond => Duration::from_secs(1),
            Self::TenASecond => Duration::from_millis(100),
        }
    }
}

#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct RateFigures {
    pub(super) rate: Rate,
    /// How many messages were posted. At one a minute there is at least one, however short the measurement was.
    pub(super) n_messages: u64,
    #[serde(flatten)]
    pub(super) cost: Cost,
    #[serde(flatten)]
    pub(super) latency: Latency,
}

pub(super) fn measure(crowd: &mut Crowd, server: &Server, rate: Rate, window: Duration) -> Result<RateFigures> {
    let before = crowd.n_posted();
    crowd.keep_latency();
    let sample = CostSample::take(server, crowd)?;
    post_for(crowd, rate.every(), window)?;
    let cost = sample.cost_since(server, crowd)?;
    crowd.run_until_delivered(REACHES_ALL_WITHIN)?;
    let latency = Latency::from(&crowd.take_latency());
    Ok(RateFigures { rate, n_messages: crowd.n_posted() - before, cost, latency })
}

/// Posts evenly over the time, the first message after half an interval.
fn post_for(crowd: &mut Crowd, every: Duration, window: Duration) -> Result<()> {
    let start = Instant::now();
    let mut due = start + every.min(window) / 2;
    let mut posters = (0..crowd.n_people().min(N_POSTERS)).cycle();
    while start.elapsed() < window {
        while due <= Instant::now() {
            crowd.post(posters.next().unwrap_or_default(), due)?;
            due += every;
        }
        let rest = window.saturating_sub(start.elapsed());
        crowd.step(LONGEST_STEP.min(rest).min(due.saturating_duration_since(Instant::now())))?;
        // Another person posts next, so nobody's own message has to come back first.
        crowd.take_free(&mut Vec::new());
    }
    Ok(())
}
