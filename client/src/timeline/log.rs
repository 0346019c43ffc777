//! The messages that a room's timeline shows, in the order of their seqs: runs without a hole, gaps between them, and the
//! cursor, up to which the last run reaches. The timeline feeds it. It knows ids and seqs alone.

use hubbub_protocol::{Cursor, Epoch, Seq};

use crate::log_order::{LogOrder, SeqOrder};
use crate::timeline::run::{Place, Run};

/// The largest number of messages that the runs hold once new ones arrive: what a long day in a busy room brings, at about
/// 1 MB. Beyond it the oldest ones are dropped. Pages of the past may exceed it until then.
pub(crate) const MAX_HELD_MESSAGES: usize = 2_000;
/// The largest number while the reader is in the past, where dropping the oldest messages would take away the text being
/// read. About 10 MB: more than anyone reads at a sitting.
const MAX_HELD_IN_PAST: usize = 20_000;
/// How many messages more than that are held before the oldest ones are dropped, so that not every message drops one.
const TRIM_EVERY: usize = 50;

/// Where in a room its member is reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadingPlace {
    /// At the newest message. Older ones may be dropped.
    End,
    /// Among older messages, which are kept.
    Past,
}

/// The runs, oldest first.
#[derive(Debug)]
pub(crate) struct Log {
    epoch: Option<Epoch>,
    order: LogOrder,
    past: Vec<Run>,
    /// Reaches up to the cursor.
    live: Run,
}

impl Log {
    pub(crate) const fn new() -> Self {
        let start = Seq(0);
        Self { epoch: None, order: LogOrder::new(start), past: Vec::new(), live: Run::after(start) }
    }

    pub(crate) fn epoch(&self) -> Option<Epoch> {
        self.epoch
    }

    /// Returns the seq of the last change that was applied, or 0.
    pub(crate) fn head(&self) -> Seq {
        self.order.last()
    }

    pub(crate) fn cursor(&self) -> Option<Cursor> {
        self.epoch.map(|epoch| Cursor { epoch, seq: self.head() })
    }

    /// Returns the runs, oldest first. There is a gap between any two.
    pub(crate) fn runs(&self) -> impl DoubleEndedIterator<Item = &Run> {
        self.past.iter().chain(std::iter::once(&self.live))
    }

    pub(crate) fn oldest(&self) -> &Run {
        self.past.first().unwrap_or(&self.live)
    }

    /// Returns whether a run holds the message with this seq.
    pub(crate) fn covers(&self, seq: Seq) -> bool {
        self.runs().any(|run| run.covers(seq))
    }

    /// Starts anew from a run that reaches up to the cursor.
    pub(crate) fn start_from(&mut self, epoch: Epoch, run: Run) {
        self.epoch = Some(epoch);
        self.order = LogOrder::new(run.to);
        self.past.clear();
        self.live = run;
    }

    /// Forgets everything, also the cursor.
    pub(crate) fn forget(&mut self) {
        *self = Self::new();
    }

    /// Moves the cursor if a change is the next one.
    pub(crate) fn advance(&mut self, seq: Seq) -> SeqOrder {
        let order = self.order.apply(seq);
        if order == SeqOrder::Next {
            self.live.to = seq;
        }
        order
    }

    /// Moves the cursor to a seq, up to which the caller adds every message.
    pub(crate) fn advance_to(&mut self, seq: Seq) {
        if seq > self.head() {
            self.order = LogOrder::new(seq);
            self.live.to = seq;
        }
    }

    /// Adds a message to the run that covers it, unless it is there. Returns whether it was added.
    pub(crate) fn put(&mut self, place: Place) -> bool {
        let run = self.past.iter_mut().chain([&mut self.live]).find(|run| run.covers(place.seq));
        run.is_some_and(|run| run.put(place))
    }

    /// Adds a run, and unites it with those that it touches. Messages after the cursor are left out: their changes follow.
    pub(crate) fn add(&mut self, mut run: Run) {
        run.cut_after(self.head());
        let mut others = Vec::with_capacity(self.past.len() + 1);
        for past in std::mem::take(&mut self.past) {
            if past.touches(&run) {
                run.absorb(past);
            } else {
                others.push(past);
            }
        }
        if run.touches(&self.live) {
            self.live.absorb(run);
        } else if !run.places().is_empty() {
            let place = others.partition_point(|other| other.from < run.from);
            others.insert(place, run);
        }
        self.past = others;
    }

    /// Drops the oldest messages if there are too many. Returns whether it dropped any.
    pub(crate) fn trim(&mut self, reading: ReadingPlace) -> bool {
        let most = match reading {
            ReadingPlace::End => MAX_HELD_MESSAGES,
            ReadingPlace::Past => MAX_HELD_IN_PAST,
        };
        let held: usize = self.runs().map(|run| run.places().len()).sum();
        if held <= most + TRIM_EVERY {
            return false;
        }
        let mut excess = held - most;
        while excess > 0 {
            let oldest = self.past.first_mut().unwrap_or(&mut self.live);
            excess -= oldest.drop_oldest(excess);
            if self.past.first().is_some_and(|run| run.places().is_empty()) {
                self.past.remove(0);
            }
        }
        true
    }
}
