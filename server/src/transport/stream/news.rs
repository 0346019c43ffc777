//! What a frame of the feed has to show, in the types that it was encoded from: only this transport pays for reading
//! frames again. Called by `open` and `writer`.

use hubbub_protocol::{Cursor, Event, Refusal, ServerFrame, SnapshotReason, codec};

use crate::hub::Frame;

/// Messages to show.
pub(super) enum News {
    /// The newest page, and the place in the log before it: it takes the place of what was shown.
    Page { after: Cursor, reason: SnapshotReason, events: Vec<Event> },
    /// What comes next.
    Next(Vec<Event>),
}

/// What a frame has to show, if anything.
///
/// # Errors
/// [`Refusal::Internal`] for what is no frame; the hub makes none of that kind.
pub(super) fn news(frame: &Frame) -> Result<Option<News>, Refusal> {
    let text = std::str::from_utf8(frame.as_text()).map_err(|_| Refusal::Internal)?;
    Ok(match codec::decode_server(text).map_err(|_| Refusal::Internal)? {
        ServerFrame::Snapshot { reason, epoch, head, events, .. } => {
            let seq = events.first().map_or(head, |first| first.seq.previous());
            Some(News::Page { after: Cursor { epoch, seq }, reason, events })
        }
        ServerFrame::Events { events, .. } => Some(News::Next(events)),
        // Hints, and what a conversation is answered with.
        ServerFrame::Welcome { .. }
        | ServerFrame::RoomAdded { .. }
        | ServerFrame::Resumed { .. }
        | ServerFrame::Denied { .. }
        | ServerFrame::Present { .. }
        | ServerFrame::Typing { .. }
        | ServerFrame::Ack { .. }
        | ServerFrame::Refused { .. }
        | ServerFrame::History { .. }
        | ServerFrame::Pong
        | ServerFrame::Error { .. }
        | ServerFrame::Bye { .. }
        | ServerFrame::Unknown => None,
    })
}
