//! The encoded tail of one room's log. What is published gathers until the next tick, becomes one frame there, and is
//! shared by every reader.

use std::collections::VecDeque;

use hubbub_protocol::{Event, RoomId, Seq};

use super::Frame;
use super::frame::{EncodedEvent, EventsFrame, pack};

/// Bytes of frames kept for readers that are behind; beyond it the oldest go, and who needs them reads the store.
const KEPT_BYTES: usize = 1024 * 1024;

/// The frames of the last ticks, and the events that wait for the next tick.
pub(super) struct Recent {
    room: RoomId,
    ticks: VecDeque<EventsFrame>,
    kept_bytes: usize,
    /// Encoded and not yet in a tick; they follow on each other.
    pending: Vec<EncodedEvent>,
    /// The last seq in a tick or pending; `None` until something was published.
    published: Option<Seq>,
    /// The last seq in a tick.
    head: Option<Seq>,
}

/// What a reader at some cursor finds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// It is up to date, after the frames it was given.
    All,
    /// There is more than it was given.
    More,
    /// What comes next is not here any more: read the store.
    TooOld,
}

impl Recent {
    pub(super) const fn new(room: RoomId) -> Self {
        Self { room, ticks: VecDeque::new(), kept_bytes: 0, pending: Vec::new(), published: None, head: None }
    }

    /// Takes what was committed. Events it has are dropped; a hole means that a notice was lost, and everyone who
    /// needs what is in the hole finds it in the store.
    pub(super) fn publish(&mut self, events: &[Event]) {
        for event in events {
            match self.published {
                Some(published) if event.seq <= published => continue,
                Some(published) if event.seq != published.next() => self.forget(),
                _ => {}
            }
            self.published = Some(event.seq);
            self.pending.push(EncodedEvent::from(event));
        }
    }

    /// Makes what has gathered readable.
    pub(super) fn tick(&mut self) {
        for frame in pack(self.room, &std::mem::take(&mut self.pending)) {
            self.keep(frame);
        }
    }

    /// Adds what comes after `cursor` to `frames`, moving the cursor, until about `max_bytes` are there.
    pub(super) fn read(&self, cursor: &mut Seq, frames: &mut Vec<Frame>, max_bytes: usize) -> Found {
        if self.head.is_none_or(|head| head <= *cursor) {
            return Found::All;
        }
        let start = self.ticks.partition_point(|tick| tick.last <= *cursor);
        let mut n_bytes = 0;
        for tick in self.ticks.range(start..) {
            if tick.first != cursor.next() {
                return Found::TooOld;
            }
            if n_bytes >= max_bytes {
                return Found::More;
            }
            n_bytes += tick.frame.as_text().len();
            frames.push(tick.frame.clone());
            *cursor = tick.last;
        }
        Found::All
    }

    fn keep(&mut self, tick: EventsFrame) {
        self.head = Some(tick.last);
        self.kept_bytes += tick.frame.as_text().len();
        self.ticks.push_back(tick);
        while self.kept_bytes > KEPT_BYTES {
            let Some(oldest) = self.ticks.pop_front() else { break };
            self.kept_bytes -= oldest.frame.as_text().len();
        }
    }

    fn forget(&mut self) {
        self.ticks.clear();
        self.kept_bytes = 0;
        self.pending.clear();
    }
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::{Member, MemberId, MessageId, ServerFrame, UnixMillis, What, codec};

    use super::*;

    fn events(seqs: std::ops::RangeInclusive<u64>, n_chars: usize) -> Vec<Event> {
        let by = Member { id: MemberId(1), name: "Kira".to_owned() };
        let posted = |seq| What::Posted { id: MessageId::mint(UnixMillis(seq), [1; 10]), body: "x".repeat(n_chars) };
        seqs.map(|seq| Event { seq: Seq(seq), at: UnixMillis(0), by: by.clone(), what: posted(seq) }).collect()
    }

    fn read(recent: &Recent, cursor: &mut Seq) -> (Found, Vec<u64>) {
        let mut frames = Vec::new();
        let found = recent.read(cursor, &mut frames, usize::MAX);
        let seqs = frames.iter().flat_map(|frame| {
            let text = std::str::from_utf8(frame.as_text()).unwrap();
            match codec::decode_server(text).unwrap() {
                ServerFrame::Events { events, .. } => events.into_iter().map(|event| event.seq.0),
                other => panic!("{other:?}"),
            }
        });
        (found, seqs.collect())
    }

    #[test]
    fn events_published_before_a_tick_become_one_frame() {
        let mut recent = Recent::new(RoomId(1));
        recent.publish(&events(1..=2, 5));
        recent.publish(&events(3..=3, 5));
        let mut cursor = Seq(0);
        assert_eq!(read(&recent, &mut cursor), (Found::All, vec![]), "nothing is readable before the tick");
        recent.tick();
        let mut frames = Vec::new();
        recent.read(&mut cursor, &mut frames, usize::MAX);
        assert_eq!((frames.len(), cursor), (1, Seq(3)));
    }

    #[test]
    fn a_cursor_inside_a_tick_reads_the_store_so_that_no_event_is_sent_twice() {
        let mut recent = Recent::new(RoomId(1));
        recent.publish(&events(1..=4, 5));
        recent.tick();
        assert_eq!(read(&recent, &mut Seq(2)), (Found::TooOld, vec![]));
    }

    #[test]
    fn after_a_lost_notice_readers_use_the_store_and_a_late_notice_is_dropped() {
        let mut recent = Recent::new(RoomId(1));
        recent.publish(&events(1..=2, 5));
        recent.tick();
        recent.publish(&events(5..=5, 5));
        recent.publish(&events(3..=4, 5));
        recent.tick();
        assert_eq!(read(&recent, &mut Seq(2)), (Found::TooOld, vec![]));
        assert_eq!(read(&recent, &mut Seq(4)), (Found::All, vec![5]));
    }

    #[test]
    fn memory_is_bounded_and_readers_of_dropped_events_use_the_store() {
        let mut recent = Recent::new(RoomId(1));
        for seq in 1..=400 {
            recent.publish(&events(seq..=seq, 4_000));
            recent.tick();
        }
        assert!(recent.kept_bytes <= KEPT_BYTES);
        assert_eq!(read(&recent, &mut Seq(0)).0, Found::TooOld);
        assert_eq!(read(&recent, &mut Seq(398)), (Found::All, vec![399, 400]));
    }

    #[test]
    fn a_tick_of_large_events_is_split_into_frames_below_the_limit() {
        let mut recent = Recent::new(RoomId(1));
        recent.publish(&events(1..=20, 4_000));
        recent.tick();
        assert!(recent.ticks.iter().all(|tick| tick.frame.as_text().len() <= hubbub_protocol::limits::MAX_FRAME_BYTES));
        assert_eq!(read(&recent, &mut Seq(0)).1, (1..=20).collect::<Vec<_>>());
    }
}
