//! Rule: acts that change nothing and look nothing up are counted all the same. Called by the transports.

use hubbub_protocol::Refusal;

use super::{Chat, Visitor};

impl Chat {
    /// Counts a read that needs no lookup: a room that is joined anew.
    ///
    /// # Errors
    /// [`Refusal::RateLimited`]: it must not be done.
    pub fn count_read(&self, visitor: &Visitor) -> Result<(), Refusal> {
        self.limiters.take_read(visitor.actor())
    }

    /// Counts a request of a tab that polls.
    ///
    /// # Errors
    /// [`Refusal::RateLimited`]: it must not be answered with anything else.
    pub fn count_poll(&self, visitor: &Visitor) -> Result<(), Refusal> {
        self.limiters.take_poll(visitor.actor())
    }
}
