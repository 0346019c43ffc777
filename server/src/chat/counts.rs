//! Rule: actions that need neither a lookup nor a commit are counted too. Called by the transports.

use hubbub_protocol::Refusal;

use super::{Chat, Visitor};

impl Chat {
    /// Counts a read that needs no lookup: the join of a room that is followed already.
    ///
    /// # Errors
    /// [`Refusal::RateLimited`]. The read must not be done then.
    pub fn count_read(&self, visitor: &Visitor) -> Result<(), Refusal> {
        self.limiters.take_read(visitor.actor())
    }

    /// Counts a request of a tab that polls.
    ///
    /// # Errors
    /// [`Refusal::RateLimited`]. The refusal must be the only response then.
    pub fn count_poll(&self, visitor: &Visitor) -> Result<(), Refusal> {
        self.limiters.take_poll(visitor.actor())
    }
}
