//! The encoded tail of one room's stream. The changes that are published gather until the next tick. The tick encodes
//! them as one frame, which all readers share.

use std::collections::VecDeque;

use hubbub_protocol::{Change, MessageId, RoomId, Seq, ServerFrame, What, codec};

use super::Frame;
use super::frame::{ChangesFrame, pack};

/// Bytes of frames that are kept for readers that are behind. Beyond it the oldest frames are dropped; a reader that needs
/// one reads the store.
const KEPT_BYTES: usize = 1024 * 1024;

/// The frames of the last ticks, and the changes that wait for the next tick.
pub(super) struct Recent {
    room: RoomId,
    ticks: VecDeque<ChangesFrame>,
    kept_bytes: usize,
    /// Not yet in a tick. They follow on each other.
    pending: Vec<Change>,
    /// The last seq in a tick or pending; None until a change was published.
    published: Option<Seq>,
    /// The last seq in a tick.
    head: Option<Seq>,
}

/// What a reader at some cursor finds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The reader is up to date, after the frames that it was given.
    All,
    /// There is more than the reader was given.
    More,
    /// The next change is no longer here: the reader must read the store.
    TooOld,
}

impl Recent {
    pub(super) const fn new(room: RoomId) -> Self {
        Self { room, ticks: VecDeque::new(), kept_bytes: 0, pending: Vec::new(), published: None, head: None }
    }

    /// Takes the changes of a commit. Changes that were published before are dropped. A missing seq means that a notice was
    /// lost; readers that need the missing changes find them in the store.
    pub(super) fn publish(&mut self, changes: &[Change]) {
        for change in changes {
            match self.published {
                Some(published) if change.seq <= published => continue,
                Some(published) if change.seq != published.next() => self.forget(),
                _ => {}
            }
            self.published = Some(change.seq);
            self.replace_text(change);
            self.pending.push(change.clone());
        }
    }

    /// Makes the pending changes readable.
    pub(super) fn tick(&mut self) {
        for frame in pack(self.room, &std::mem::take(&mut self.pending)) {
            self.keep(frame);
        }
    }

    /// Adds the frames after `cursor` to `frames`, moving the cursor, until about `max_bytes` are there.
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

    /// Puts the new text of an edited or deleted message in the place of its earlier texts, with the same seqs: a reader
    /// that is behind never gets outdated or erased text.
    fn replace_text(&mut self, change: &Change) {
        let body = match &change.what {
            What::Edited { body } => body.as_str(),
            What::Deleted => "",
            What::Posted { .. }
            | What::Reacted { .. }
            | What::Pinned { .. }
            | What::Described { .. }
            | What::Unknown => return,
        };
        let Some(message) = change.message() else { return };
        put_text(&mut self.pending, message, body);
        for i in (0..self.ticks.len()).rev() {
            if self.ticks[i].texts.contains(&message) {
                self.encode_again(i, message, body);
            }
        }
    }

    fn encode_again(&mut self, place: usize, message: MessageId, body: &str) {
        let Some(tick) = self.ticks.remove(place) else { return };
        self.kept_bytes -= tick.frame.as_text().len();
        let mut changes = decode(&tick.frame);
        put_text(&mut changes, message, body);
        // With a longer text, the changes may need two frames.
        for (i, frame) in pack(self.room, &changes).into_iter().enumerate() {
            self.kept_bytes += frame.frame.as_text().len();
            self.ticks.insert(place + i, frame);
        }
    }

    fn keep(&mut self, tick: ChangesFrame) {
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

/// Returns the changes of a frame that [`pack`] has made.
fn decode(frame: &Frame) -> Vec<Change> {
    let text = std::str::from_utf8(frame.as_text()).unwrap_or_default();
    match codec::decode_server(text) {
        Ok(ServerFrame::Changes { changes, .. }) => changes,
        // `pack` makes no other frame. Readers of a frame that is left out read the store.
        Ok(_) | Err(_) => Vec::new(),
    }
}

fn put_text(changes: &mut [Change], message: MessageId, text: &str) {
    for change in changes.iter_mut().filter(|change| change.message() == Some(message)) {
        if let What::Posted { body, .. } | What::Edited { body } = &mut change.what {
            text.clone_into(body);
        }
    }
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::{Member, MemberId, UnixMillis};

    use super::*;

    fn change(seq: u64, message: u64, what: What) -> Change {
        let by = Member { id: MemberId(1), name: "Kira".to_owned() };
        let targets = vec![MessageId::mint(UnixMillis(message), [1; 10])];
        Change { seq: Seq(seq), at: UnixMillis(0), by, targets, what }
    }

    fn posts(seqs: std::ops::RangeInclusive<u64>, n_chars: usize) -> Vec<Change> {
        seqs.map(|seq| change(seq, seq, What::Posted { body: "x".repeat(n_chars), reply_to: None })).collect()
    }

    fn read(recent: &Recent, cursor: &mut Seq) -> (Found, Vec<u64>) {
        let mut frames = Vec::new();
        let found = recent.read(cursor, &mut frames, usize::MAX);
        let seqs = frames.iter().flat_map(|frame| {
            let text = std::str::from_utf8(frame.as_text()).unwrap();
            match codec::decode_server(text).unwrap() {
                ServerFrame::Changes { changes, .. } => changes.into_iter().map(|change| change.seq.0),
                other => panic!("{other:?}"),
            }
        });
        (found, seqs.collect())
    }

    #[test]
    fn changes_published_before_a_tick_become_one_frame() {
        let mut recent = Recent::new(RoomId(1));
        recent.publish(&posts(1..=2, 5));
        recent.publish(&posts(3..=3, 5));
        let mut cursor = Seq(0);
        assert_eq!(read(&recent, &mut cursor), (Found::All, vec![]), "nothing is readable before the tick");
        recent.tick();
        let mut frames = Vec::new();
        recent.read(&mut cursor, &mut frames, usize::MAX);
        assert_eq!((frames.len(), cursor), (1, Seq(3)));
    }

    #[test]
    fn a_cursor_inside_a_tick_reads_the_store_so_that_no_change_is_sent_twice() {
        let mut recent = Recent::new(RoomId(1));
        recent.publish(&posts(1..=4, 5));
        recent.tick();
        assert_eq!(read(&recent, &mut Seq(2)), (Found::TooOld, vec![]));
    }

    #[test]
    fn after_a_lost_notice_readers_use_the_store_and_a_late_notice_is_dropped() {
        let mut recent = Recent::new(RoomId(1));
        recent.publish(&posts(1..=2, 5));
        recent.tick();
        recent.publish(&posts(5..=5, 5));
        recent.publish(&posts(3..=4, 5));
        recent.tick();
        assert_eq!(read(&recent, &mut Seq(2)), (Found::TooOld, vec![]));
        assert_eq!(read(&recent, &mut Seq(4)), (Found::All, vec![5]));
    }

    #[test]
    fn memory_is_bounded_and_readers_of_dropped_changes_use_the_store() {
        let mut recent = Recent::new(RoomId(1));
        for seq in 1..=400 {
            recent.publish(&posts(seq..=seq, 4_000));
            recent.tick();
        }
        assert!(recent.kept_bytes <= KEPT_BYTES);
        assert_eq!(read(&recent, &mut Seq(0)).0, Found::TooOld);
        assert_eq!(read(&recent, &mut Seq(398)), (Found::All, vec![399, 400]));
    }

    #[test]
    fn a_tick_of_large_changes_is_split_into_frames_below_the_limit() {
        let mut recent = Recent::new(RoomId(1));
        recent.publish(&posts(1..=20, 4_000));
        recent.tick();
        assert!(recent.ticks.iter().all(|tick| tick.frame.as_text().len() <= hubbub_protocol::limits::MAX_FRAME_BYTES));
        assert_eq!(read(&recent, &mut Seq(0)).1, (1..=20).collect::<Vec<_>>());
    }

    /// The texts that a reader from the beginning gets.
    fn texts(recent: &Recent) -> String {
        let mut frames = Vec::new();
        recent.read(&mut Seq(0), &mut frames, usize::MAX);
        frames.iter().map(|frame| String::from_utf8_lossy(frame.as_text()).into_owned()).collect()
    }

    #[test]
    fn a_reader_that_is_behind_gets_the_new_text_of_an_edited_message_and_none_of_a_deleted_one() {
        let mut recent = Recent::new(RoomId(1));
        let posted = |body: &str| What::Posted { body: body.to_owned(), reply_to: None };
        recent.publish(&[change(1, 1, posted("first words")), change(2, 2, posted("secret"))]);
        recent.tick();
        recent.publish(&[change(3, 3, posted("pending words"))]);
        recent.publish(&[change(4, 1, What::Edited { body: "second words".to_owned() })]);
        recent.publish(&[change(5, 2, What::Deleted), change(6, 3, What::Deleted)]);
        recent.tick();
        let texts = texts(&recent);
        assert_eq!(texts.matches("second words").count(), 2, "{texts}");
        for gone in ["first words", "secret", "pending words"] {
            assert!(!texts.contains(gone), "{gone}: {texts}");
        }
        assert_eq!(read(&recent, &mut Seq(0)), (Found::All, vec![1, 2, 3, 4, 5, 6]));
    }

    #[test]
    fn a_frame_that_grows_beyond_the_limit_by_an_edit_becomes_two() {
        let mut recent = Recent::new(RoomId(1));
        recent.publish(&posts(1..=20, 1_400));
        recent.tick();
        assert_eq!(recent.ticks.len(), 1);
        recent.publish(&[change(21, 5, What::Edited { body: "\u{1}".repeat(4_000) })]);
        recent.tick();
        assert!(recent.ticks.iter().all(|tick| tick.frame.as_text().len() <= hubbub_protocol::limits::MAX_FRAME_BYTES));
        assert_eq!(read(&recent, &mut Seq(0)), (Found::All, (1..=21).collect()));
        assert_eq!(recent.kept_bytes, recent.ticks.iter().map(|tick| tick.frame.as_text().len()).sum::<usize>());
    }
}
