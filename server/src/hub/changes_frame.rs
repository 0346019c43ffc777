//! Contiguous changes of a room as one frame that all readers share, and the places of the texts in it. `recent` keeps these
//! frames, and replaces texts that were edited or deleted.

use std::ops::Range;

use hubbub_protocol::limits::MAX_FRAME_BYTES;
use hubbub_protocol::{Change, MessageId, RoomId, Seq, What, codec};

use super::Frame;

/// Changes go into frames of about this size, so that none comes near the limit of a frame.
const FRAME_BYTES: usize = 32 * 1024;

/// Contiguous changes as one frame.
pub(super) struct ChangesFrame {
    pub(super) first: Seq,
    pub(super) last: Seq,
    pub(super) frame: Frame,
    /// In the order of the changes.
    texts: Vec<TextPlace>,
}

/// A change that carries the text of a message.
struct TextPlace {
    message: MessageId,
    /// The JSON of the change, in bytes of the frame's text.
    json: Range<usize>,
}

/// The frame would be too large with the new text.
pub(super) struct TooLarge;

impl ChangesFrame {
    fn new(room: RoomId, changes: &[Change], encoded: &[String]) -> Self {
        let (text, places) = codec::join_changes(room, encoded.iter().map(String::as_str));
        let with_text = changes.iter().zip(places).filter(|(change, _)| has_text(change));
        let texts =
            with_text.filter_map(|(change, json)| Some(TextPlace { message: change.message()?, json })).collect();
        let (first, last) = (changes[0].seq, changes[changes.len() - 1].seq);
        Self { first, last, frame: Frame::from(text), texts }
    }

    pub(super) const fn n_bytes(&self) -> usize {
        self.frame.n_text_bytes()
    }

    /// Puts another text into every change that carries a text of the message. The seqs stay, and so do the bytes of all
    /// other changes.
    ///
    /// # Errors
    /// [`TooLarge`]; some of the texts may be replaced then.
    pub(super) fn replace_text(&mut self, message: MessageId, body: &str) -> Result<(), TooLarge> {
        for i in 0..self.texts.len() {
            if self.texts[i].message == message {
                self.replace(i, body)?;
            }
        }
        Ok(())
    }

    fn replace(&mut self, place: usize, body: &str) -> Result<(), TooLarge> {
        let old = self.texts[place].json.clone();
        let text = str::from_utf8(self.frame.as_text()).expect("the codec writes UTF-8");
        let mut change: Change = codec::decode(&text[old.clone()]).expect("the codec wrote this change");
        put_text(&mut change, body);
        let new = codec::encode(&change);
        let text = [&text[..old.start], &new, &text[old.end..]].concat();
        if text.len() > MAX_FRAME_BYTES {
            return Err(TooLarge);
        }
        self.frame = Frame::from(text);
        self.texts[place].json.end = old.start + new.len();
        for later in &mut self.texts[place + 1..] {
            let moved = |at: usize| at - old.end + old.start + new.len();
            later.json = moved(later.json.start)..moved(later.json.end);
        }
        Ok(())
    }
}

/// Packs contiguous changes into few frames.
pub(super) fn pack(room: RoomId, changes: &[Change]) -> Vec<ChangesFrame> {
    let encoded: Vec<String> = changes.iter().map(codec::encode_change).collect();
    let mut frames = Vec::new();
    let mut start = 0;
    while start < changes.len() {
        let end = start + fitting(&encoded[start..]);
        frames.push(ChangesFrame::new(room, &changes[start..end], &encoded[start..end]));
        start = end;
    }
    frames
}

/// Returns how many of the changes go into one frame: at least one.
fn fitting(encoded: &[String]) -> usize {
    let mut n_bytes = 0;
    let fits = |change: &&String| {
        n_bytes += change.len();
        n_bytes <= FRAME_BYTES
    };
    encoded.iter().take_while(fits).count().max(1)
}

/// Gives a change that carries a text another one.
pub(super) fn put_text(change: &mut Change, text: &str) {
    if let What::Posted { body, .. } | What::Edited { body } = &mut change.what {
        text.clone_into(body);
    }
}

const fn has_text(change: &Change) -> bool {
    matches!(change.what, What::Posted { .. } | What::Edited { .. })
}
