//! Limits how often something is sent: at once after a quiet time, otherwise once when an interval has passed, for
//! everything that happened in the interval.

use std::time::Duration;

use tokio::time::Instant;

/// The time of the last sending, and whether a caller has a plan to send.
#[derive(Default)]
pub(super) struct Throttle {
    last_sent: Option<Instant>,
    is_planned: bool,
}

/// When to send.
pub(super) enum SendPlan {
    /// The caller must send now.
    Now,
    /// The caller must send at this time.
    At(Instant),
    /// An earlier caller has the plan to send. This caller does nothing.
    Planned,
}

impl Throttle {
    /// Plans to send, with at least `interval` between two times. A caller that gets a plan to send must call
    /// [`Throttle::sent`] when it sends.
    pub(super) fn plan(&mut self, interval: Duration) -> SendPlan {
        if self.is_planned {
            return SendPlan::Planned;
        }
        self.is_planned = true;
        match self.last_sent.map(|last| last + interval) {
            Some(when) if when > Instant::now() => SendPlan::At(when),
            _ => SendPlan::Now,
        }
    }

    pub(super) fn sent(&mut self) {
        self.is_planned = false;
        self.last_sent = Some(Instant::now());
    }
}
