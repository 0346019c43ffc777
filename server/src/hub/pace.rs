//! Telling at once after a quiet while, and otherwise once when the time has come, for all that happened meanwhile.

use std::time::Duration;

use tokio::time::Instant;

/// See the module.
#[derive(Default)]
pub(super) struct Pace {
    last: Option<Instant>,
    is_waiting: bool,
}

/// When to act.
pub(super) enum Turn {
    /// It has been quiet.
    Now,
    /// Not before this.
    At(Instant),
    /// Someone else's turn is coming and will serve this one too.
    Waiting,
}

impl Pace {
    /// Something happened: whose turn is it to tell, if two tellings are `between` apart? Who is told a time must call
    /// [`Pace::taken`] when it acts.
    pub(super) fn ask(&mut self, between: Duration) -> Turn {
        if self.is_waiting {
            return Turn::Waiting;
        }
        self.is_waiting = true;
        match self.last.map(|last| last + between) {
            Some(when) if when > Instant::now() => Turn::At(when),
            _ => Turn::Now,
        }
    }

    /// It was told.
    pub(super) fn taken(&mut self) {
        self.is_waiting = false;
        self.last = Some(Instant::now());
    }
}
