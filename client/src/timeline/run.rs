//! A range of a room's stream of which the client holds every message. The log consists of runs.

use hubbub_protocol::{MessageId, Page, Seq};

/// The place of a message in the order of the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) seq: Seq,
    pub(crate) id: MessageId,
}

/// Every message whose seq is from `from` to `to`, both included. The range may be larger than its first and last message
/// say, because other changes use seqs too. It is empty if `to` is the seq before `from`.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) from: Seq,
    pub(crate) to: Seq,
    /// Sorted by seq.
    places: Vec<Place>,
}

impl Run {
    /// Returns the empty range after a seq.
    pub(crate) const fn after(seq: Seq) -> Self {
        Self { from: seq.next(), to: seq, places: Vec::new() }
    }

    /// Returns the range that a page of consecutive messages covers. `after` and `before` are the exclusive bounds that
    /// the query set, if it set them.
    pub(crate) fn of(page: &Page, after: Option<Seq>, before: Option<Seq>) -> Self {
        let places: Vec<Place> =
            page.messages.iter().map(|message| Place { seq: message.seq, id: message.id }).collect();
        let first = places.first().map(|place| place.seq);
        let last = places.last().map(|place| place.seq);
        let end = before.map_or(page.as_of, Seq::previous);
        let from = match after {
            Some(after) => after.next(),
            None if page.older => first.unwrap_or(end.next()),
            None => Seq(1),
        };
        let to = match before {
            Some(before) => before.previous(),
            None if page.newer => last.unwrap_or(from.previous()),
            None => page.as_of,
        };
        let mut run = Self { from, to, places: Vec::new() };
        for place in places {
            run.put(place);
        }
        run
    }

    pub(crate) fn places(&self) -> &[Place] {
        &self.places
    }

    /// Returns the seq that the page before this run is asked for by.
    pub(crate) fn first(&self) -> Seq {
        self.places.first().map_or(self.from, |place| place.seq)
    }

    /// Returns the seq that the page after this run is asked for by.
    pub(crate) fn last(&self) -> Seq {
        self.places.last().map_or(self.to, |place| place.seq)
    }

    pub(crate) fn covers(&self, seq: Seq) -> bool {
        self.from <= seq && seq <= self.to
    }

    pub(crate) fn touches(&self, other: &Self) -> bool {
        self.from <= other.to.next() && other.from <= self.to.next()
    }

    /// Adds a message of the range, unless it is there. A message of another range is ignored. Returns whether it was added.
    pub(crate) fn put(&mut self, place: Place) -> bool {
        if !self.covers(place.seq) {
            return false;
        }
        let at = self.places.binary_search_by_key(&place.seq, |place| place.seq);
        at.map_err(|at| self.places.insert(at, place)).is_err()
    }

    /// Unites the run with one that it touches.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.from = self.from.min(other.from);
        self.to = self.to.max(other.to);
        let (mut older, newer) = (other.places, std::mem::take(&mut self.places));
        let (first, last) = (newer.first().map(|place| place.seq), older.last().map(|place| place.seq));
        if first > last {
            older.extend(newer);
            self.places = older;
        } else {
            self.places = newer;
            for place in older {
                self.put(place);
            }
        }
    }

    /// Cuts off what is after a seq.
    pub(crate) fn cut_after(&mut self, seq: Seq) {
        if self.to > seq {
            self.to = seq;
            self.places.retain(|place| place.seq <= seq);
        }
    }

    /// Drops the oldest messages, at most `n`. Returns how many it dropped.
    pub(crate) fn drop_oldest(&mut self, n: usize) -> usize {
        let n = n.min(self.places.len());
        if let Some(last) = self.places.drain(..n).next_back() {
            self.from = last.seq.next();
        }
        n
    }
}
