//! Counts the refused frames of one connection. `connection` closes the connection when there are too many.

use std::time::Duration;

use tokio::time::Instant;

/// The refused frame with this number within [`FORGOTTEN_AFTER`] closes the connection.
const MAX_FRAMES: u32 = 30;
/// A refused `join` or `history` counts for a tenth: a client with [`MAX_ROOMS_PER_CONNECTION`] rooms asks for each of
/// them again, at the same time, when its person has read too much.
///
/// [`MAX_ROOMS_PER_CONNECTION`]: hubbub_protocol::limits::MAX_ROOMS_PER_CONNECTION
const READS_PER_FRAME: u32 = 10;
/// The time after which violations are forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(60);

/// The kind of a refused frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Violation {
    /// A frame that is malformed or out of place, or a post over the rate limit.
    Frame,
    /// A `join` or `history` over the rate limit.
    Read,
}

/// The violations since a point in time. A read counts one, a frame [`READS_PER_FRAME`].
pub(super) struct ViolationCounter {
    count: u32,
    since: Instant,
}

impl ViolationCounter {
    pub(super) fn new(now: Instant) -> Self {
        Self { count: 0, since: now }
    }

    /// Counts one more. True if the connection must be closed.
    pub(super) fn add(&mut self, violation: Violation) -> bool {
        if self.since.elapsed() > FORGOTTEN_AFTER {
            *self = Self::new(Instant::now());
        }
        self.count += match violation {
            Violation::Frame => READS_PER_FRAME,
            Violation::Read => 1,
        };
        self.count >= MAX_FRAMES * READS_PER_FRAME
    }
}
