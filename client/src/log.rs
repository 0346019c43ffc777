//! What a client holds of a room's log: contiguous runs of events with gaps between them, the last of which is live.
//! The timeline feeds and shows it; it knows nothing of requests and of what events say.

use std::collections::VecDeque;

use hubbub_protocol::{Cursor, Epoch, Event, Seq};

use crate::log_order::{LogOrder, SeqOrder};

/// Most events held of a room once new ones arrive: what a long day in a busy room brings, at about 1 MB. Pages of the
/// past that were asked for may exceed it until then.
pub(crate) const MAX_HELD_EVENTS: usize = 2_000;

/// Events without a hole between them.
#[derive(Debug)]
pub(crate) struct Run {
    /// The seq of the first event; of the one that would be first when there is none.
    first: Seq,
    events: VecDeque<Event>,
}

/// The runs, oldest first.
#[derive(Debug)]
pub(crate) struct Log {
    epoch: Option<Epoch>,
    past: Vec<Run>,
    live: Run,
    order: LogOrder,
}

impl Log {
    pub(crate) fn new() -> Self {
        let live = Run { first: Seq(1), events: VecDeque::new() };
        Self { epoch: None, past: Vec::new(), live, order: LogOrder::new(Seq(0)) }
    }

    pub(crate) fn epoch(&self) -> Option<Epoch> {
        self.epoch
    }

    pub(crate) fn head(&self) -> Seq {
        self.order.last()
    }

    pub(crate) fn cursor(&self) -> Option<Cursor> {
        self.epoch.map(|epoch| Cursor { epoch, seq: self.head() })
    }

    /// The runs, oldest first; there is a gap between any two.
    pub(crate) fn runs(&self) -> impl DoubleEndedIterator<Item = &Run> {
        self.past.iter().chain(std::iter::once(&self.live))
    }

    pub(crate) fn oldest_seq(&self) -> Seq {
        self.past.first().unwrap_or(&self.live).first
    }

    /// Where the newest gap ends, if there is one.
    pub(crate) fn gap_before(&self) -> Option<Seq> {
        (!self.past.is_empty()).then_some(self.live.first)
    }

    /// Whether a run begins at `seq`, so that a page of the past that ends right before it fits.
    pub(crate) fn begins_at(&self, seq: Seq) -> bool {
        self.runs().any(|run| run.first == seq)
    }

    /// Applies an event if it comes next.
    pub(crate) fn apply(&mut self, event: Event) -> SeqOrder {
        let step = self.order.apply(event.seq);
        if step == SeqOrder::Next {
            self.live.events.push_back(event);
        }
        step
    }

    /// Starts anew from a page that ends at `head`.
    pub(crate) fn replace(&mut self, epoch: Epoch, head: Seq, page: Vec<Event>) {
        self.epoch = Some(epoch);
        self.past.clear();
        self.live = Run::ending_at(head, page);
        self.order = LogOrder::new(head);
    }

    /// Goes on from a page of the same epoch that ends at `head`, behind a gap unless it touches what is held.
    pub(crate) fn go_on_from(&mut self, head: Seq, page: Vec<Event>) {
        let page = Run::ending_at(head, page);
        if page.first <= self.head().next() {
            for event in page.events {
                self.apply(event);
            }
            return;
        }
        let before = std::mem::replace(&mut self.live, page);
        if !before.events.is_empty() {
            self.past.push(before);
        }
        self.order = LogOrder::new(head);
    }

    /// Puts a page of the past before the run that begins at `before`; a gap that it closes is gone.
    pub(crate) fn fill(&mut self, before: Seq, page: Vec<Event>) {
        let page = Run::ending_at(before.previous(), page);
        let Some(place) = self.runs().position(|run| run.first == before) else { return };
        let floor = place.checked_sub(1).map_or(Seq(0), |below| self.past[below].last());
        let run = self.past.get_mut(place).unwrap_or(&mut self.live);
        for event in page.events.into_iter().rev().take_while(|event| event.seq > floor) {
            run.first = event.seq;
            run.events.push_front(event);
        }
        if place > 0 && run.first == floor.next() {
            self.join(place);
        }
    }

    /// Forgets the oldest events beyond the most that are held. True when there were some.
    pub(crate) fn trim(&mut self) -> bool {
        let held: usize = self.runs().map(|run| run.events.len()).sum();
        let excess = held.saturating_sub(MAX_HELD_EVENTS);
        for _ in 0..excess {
            self.forget_oldest();
        }
        excess > 0
    }

    fn forget_oldest(&mut self) {
        let run = self.past.first_mut().unwrap_or(&mut self.live);
        if run.events.pop_front().is_some() {
            run.first = run.first.next();
        }
        if self.past.first().is_some_and(|run| run.events.is_empty()) {
            self.past.remove(0);
        }
    }

    /// Makes one of the run at `place` and the one below it, which touch.
    fn join(&mut self, place: usize) {
        let mut below = self.past.remove(place - 1);
        let run = self.past.get_mut(place - 1).unwrap_or(&mut self.live);
        below.events.append(&mut run.events);
        *run = below;
    }
}

impl Run {
    /// The contiguous end of a page. A page that does not end at `last` as it should gives an empty run: then the
    /// events are asked for as the past, and none is shown in a place that is not its own.
    fn ending_at(last: Seq, page: Vec<Event>) -> Self {
        let mut run = Self { first: last.next(), events: VecDeque::with_capacity(page.len()) };
        for event in page.into_iter().rev() {
            if event.seq.next() != run.first || event.seq == Seq(0) {
                break;
            }
            run.first = event.seq;
            run.events.push_front(event);
        }
        run
    }

    pub(crate) fn events(&self) -> impl DoubleEndedIterator<Item = &Event> {
        self.events.iter()
    }

    fn last(&self) -> Seq {
        Seq(self.first.0 + self.events.len() as u64 - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hubbub_protocol::{Member, MemberId, UnixMillis, What};

    fn events(seqs: std::ops::RangeInclusive<u64>) -> Vec<Event> {
        let by = Member { id: MemberId(1), name: "Kira".to_owned() };
        seqs.map(|seq| Event { seq: Seq(seq), at: UnixMillis(seq), by: by.clone(), what: What::Unknown }).collect()
    }

    fn log_with(pages: &[std::ops::RangeInclusive<u64>]) -> Log {
        let mut log = Log::new();
        for (i, page) in pages.iter().enumerate() {
            if i == 0 {
                log.replace(Epoch(1), Seq(*page.end()), events(page.clone()));
            } else {
                log.go_on_from(Seq(*page.end()), events(page.clone()));
            }
        }
        log
    }

    fn held(log: &Log) -> Vec<(u64, u64)> {
        log.runs().map(|run| (run.first.0, run.last().0)).collect()
    }

    #[test]
    fn a_page_beyond_the_held_events_leaves_a_gap_that_history_pages_fill_from_its_upper_end() {
        let mut log = log_with(&[1..=4, 20..=25]);
        assert_eq!(held(&log), [(1, 4), (20, 25)]);
        log.fill(Seq(20), events(10..=19));
        assert_eq!(held(&log), [(1, 4), (10, 25)]);
        log.fill(Seq(10), events(2..=9));
        assert_eq!(held(&log), [(1, 25)]);
        assert_eq!(log.gap_before(), None);
    }

    #[test]
    fn filling_a_gap_between_two_older_runs_does_not_change_the_newest_run() {
        let mut log = log_with(&[1..=2, 5..=6, 9..=9]);
        log.fill(Seq(5), events(3..=4));
        assert_eq!(held(&log), [(1, 6), (9, 9)]);
        log.apply(events(10..=10).remove(0));
        assert_eq!(held(&log), [(1, 6), (9, 10)]);
    }

    #[test]
    fn a_page_that_touches_or_overlaps_the_held_events_leaves_no_gap() {
        assert_eq!(held(&log_with(&[1..=4, 5..=8])), [(1, 8)]);
        assert_eq!(held(&log_with(&[1..=4, 3..=8])), [(1, 8)]);
        assert_eq!(held(&log_with(&[1..=4, 2..=3])), [(1, 4)]);
    }

    #[test]
    fn a_page_with_a_missing_seq_or_for_another_gap_is_not_joined() {
        let mut holed = events(3..=4);
        holed.extend(events(6..=8));
        let mut log = Log::new();
        log.replace(Epoch(1), Seq(8), holed);
        assert_eq!(held(&log), [(6, 8)]);
        log.fill(Seq(6), events(1..=3));
        log.fill(Seq(7), events(5..=6));
        assert_eq!(held(&log), [(6, 8)]);
    }

    #[test]
    fn beyond_the_bound_the_oldest_events_are_dropped_with_their_runs_and_gaps() {
        let most = MAX_HELD_EVENTS as u64;
        let mut log = log_with(&[1..=10, 101..=100 + most]);
        assert!(log.trim());
        assert_eq!(held(&log), [(101, 100 + most)]);
        log.apply(events(101 + most..=101 + most).remove(0));
        assert!(log.trim());
        assert_eq!(held(&log), [(102, 101 + most)]);
        assert!(!log.trim());
    }
}
