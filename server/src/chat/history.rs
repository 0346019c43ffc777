//! Rule: a member who may use a room may read all of its log, page by page.

use hubbub_protocol::limits::HISTORY_PAGE_EVENTS;
use hubbub_protocol::{Epoch, Event, Refusal, Seq};

use super::{Chat, Membership, refusal_of};

/// The newest page of a room.
#[derive(Clone, Debug)]
pub struct Page {
    /// The epoch of the store.
    pub epoch: Epoch,
    /// The last seq of the room.
    pub head: Seq,
    /// Oldest first.
    pub events: Vec<Event>,
}

impl Chat {
    /// Returns the newest page. Counts as a read.
    ///
    /// # Errors
    /// [`Refusal::RateLimited`], and the store's.
    pub async fn newest_page(&self, membership: &Membership) -> Result<Page, Refusal> {
        let events = self.history(membership, Seq(u64::MAX)).await?;
        let head = events.last().map(|event| event.seq).unwrap_or_default();
        Ok(Page { epoch: self.store.epoch(), head, events })
    }

    /// Returns the page that ends right before a seq, oldest first. Counts as a read.
    ///
    /// # Errors
    /// [`Refusal::RateLimited`], and the store's.
    pub async fn history(&self, membership: &Membership, before: Seq) -> Result<Vec<Event>, Refusal> {
        self.limiters.take_read(membership.actor())?;
        let events = self.store.events_before(membership.room(), before, HISTORY_PAGE_EVENTS).await;
        events.map_err(|error| refusal_of(&error))
    }
}
