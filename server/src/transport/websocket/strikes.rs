//! Patience with a client that says what must be refused. A connection counts with it; what is refused is decided elsewhere.

use std::time::Duration;

use tokio::time::Instant;

/// Frames that must be refused before the connection is closed, within [`FORGIVEN_AFTER`].
const STRIKES: u32 = 30;
/// When refused frames are forgotten.
const FORGIVEN_AFTER: Duration = Duration::from_secs(60);

/// What was refused lately.
pub(super) struct Strikes {
    n_strikes: u32,
    since: Instant,
}

/// Whether to go on.
pub(super) enum Patience {
    /// There is some left.
    Left,
    /// It is over.
    Over,
}

impl Strikes {
    pub(super) fn none(now: Instant) -> Self {
        Self { n_strikes: 0, since: now }
    }

    pub(super) fn another(&mut self) -> Patience {
        if self.since.elapsed() > FORGIVEN_AFTER {
            *self = Self::none(Instant::now());
        }
        self.n_strikes += 1;
        if self.n_strikes < STRIKES { Patience::Left } else { Patience::Over }
    }
}
