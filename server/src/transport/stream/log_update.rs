//! Decodes a frame of the feed into the messages to show. The other transports pass frames on as they are. Called by `open`
//! and `writer`.

use hubbub_protocol::{Cursor, Event, Refusal, ServerFrame, SnapshotReason, codec};

use crate::hub::Frame;

/// Messages to show.
pub(super) enum LogUpdate {
    /// The newest page, which replaces what was shown, and the cursor before its first message.
    Page { after: Cursor, reason: SnapshotReason, events: Vec<Event> },
    /// The next messages.
    Next(Vec<Event>),
}

/// Returns the messages of a frame; None for a frame without any.
///
/// # Errors
/// [`Refusal::Internal`] if the frame can't be decoded; the hub makes no such frame.
pub(super) fn log_update(frame: &Frame) -> Result<Option<LogUpdate>, Refusal> {
    let text = std::str::from_utf8(frame.as_text()).map_err(|_| Refusal::Internal)?;
    Ok(match codec::decode_server(text).map_err(|_| Refusal::Internal)? {
        ServerFrame::Snapshot { reason, epoch, head, events, .. } => {
            let seq = events.first().map_or(head, |first| first.seq.previous());
            Some(LogUpdate::Page { after: Cursor { epoch, seq }, reason, events })
        }
        ServerFrame::Events { events, .. } => Some(LogUpdate::Next(events)),
        // Hints, and frames that respond to a client's frame.
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
