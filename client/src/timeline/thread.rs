//! A message and its answers, which the side panel shows. The timeline holds the one that is open. The messages themselves
//! are in the index.

use hubbub_protocol::{MessageId, Query, Seq};

use crate::timeline::log::MAX_HELD_MESSAGES;
use crate::timeline::run::Place;

/// The answers to a message that the client knows, from the first one on, without a hole.
#[derive(Debug)]
pub(crate) struct Thread {
    pub(crate) parent: MessageId,
    /// Sorted by seq.
    replies: Vec<Place>,
    /// Whether there are no further answers.
    pub(crate) is_complete: bool,
}

impl Thread {
    pub(crate) const fn new(parent: MessageId) -> Self {
        Self { parent, replies: Vec::new(), is_complete: false }
    }

    pub(crate) fn replies(&self) -> &[Place] {
        &self.replies
    }

    /// Returns the query for the answers that follow.
    pub(crate) fn next_query(&self) -> Query {
        Query::Replies { to: self.parent, after: self.last() }
    }

    /// Adds an answer if it leaves no hole: every answer before it is known, or it has its place among those known.
    pub(crate) fn put(&mut self, place: Place) -> bool {
        if !self.is_complete && place.seq > self.last() {
            return false;
        }
        if self.replies.len() >= MAX_HELD_MESSAGES {
            // The further ones are asked for when the reader gets there.
            self.is_complete = false;
            return false;
        }
        let at = self.replies.binary_search_by_key(&place.seq, |place| place.seq);
        at.map_err(|at| self.replies.insert(at, place)).is_err()
    }

    /// Adds the answers of a page, which follow the last one that is known.
    pub(crate) fn extend(&mut self, page: impl Iterator<Item = Place>, is_complete: bool) {
        self.is_complete = true;
        page.for_each(|place| {
            self.put(place);
        });
        self.is_complete &= is_complete;
    }

    fn last(&self) -> Seq {
        self.replies.last().map_or(Seq(0), |place| place.seq)
    }
}
