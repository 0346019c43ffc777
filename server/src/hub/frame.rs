//! A frame as it leaves: encoded once, shared by everyone it goes to.

use bytes::Bytes;
use hubbub_protocol::{Event, RoomId, Seq, ServerFrame, codec};

/// Events go into frames of about this size, so that none comes near the limit of a frame.
const FRAME_BYTES: usize = 32 * 1024;

/// JSON text of one [`ServerFrame`]. Cloning shares the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame(Bytes);

impl Frame {
    /// The frame's text.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<&ServerFrame> for Frame {
    fn from(frame: &ServerFrame) -> Self {
        Self::from(codec::encode_server(frame))
    }
}

impl From<String> for Frame {
    /// Of text that the codec has written.
    fn from(text: String) -> Self {
        Self(Bytes::from(text.into_boxed_str().into_boxed_bytes()))
    }
}

/// An event's JSON and its place.
pub(super) struct EncodedEvent {
    pub(super) seq: Seq,
    json: String,
}

impl From<&Event> for EncodedEvent {
    fn from(event: &Event) -> Self {
        Self { seq: event.seq, json: codec::encode_event(event) }
    }
}

/// Contiguous events as one frame.
pub(super) struct EventsFrame {
    pub(super) first: Seq,
    pub(super) last: Seq,
    pub(super) frame: Frame,
}

/// Contiguous events as few frames.
pub(super) fn pack(room: RoomId, events: &[EncodedEvent]) -> Vec<EventsFrame> {
    let mut frames = Vec::new();
    let mut rest = events;
    while let Some(first) = rest.first() {
        let (events, later) = rest.split_at(fitting(rest));
        let frame = Frame::from(codec::join_events(room, events.iter().map(|event| event.json.as_str())));
        frames.push(EventsFrame { first: first.seq, last: events[events.len() - 1].seq, frame });
        rest = later;
    }
    frames
}

/// How many of the events go into one frame: at least one.
fn fitting(events: &[EncodedEvent]) -> usize {
    let mut n_bytes = 0;
    let fits = |event: &&EncodedEvent| {
        n_bytes += event.json.len();
        n_bytes <= FRAME_BYTES
    };
    events.iter().take_while(fits).count().max(1)
}
