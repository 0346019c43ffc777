//! Decodes a frame of the feed into what a log document shows. The other transports pass frames on as they are. Called by
//! `open` and `writer`.

use hubbub_protocol::{Change, Cursor, Message, PageReason, Refusal, ServerFrame, codec};

use crate::hub::Frame;

/// What a frame says about the messages of a room.
pub(super) enum LogUpdate {
    /// The newest page, which replaces what was shown, and the cursor before its first message.
    Page { after: Cursor, reason: PageReason, messages: Vec<Message>, quoted: Vec<Message> },
    /// Messages that changed, in their current state.
    Rows(Vec<Message>),
    /// The next changes.
    Changes(Vec<Change>),
}

/// Returns what a frame says about messages; None if it says nothing.
///
/// # Errors
/// [`Refusal::Internal`] if the frame can't be decoded; the hub makes no such frame.
pub(super) fn log_update(frame: &Frame) -> Result<Option<LogUpdate>, Refusal> {
    let text = std::str::from_utf8(frame.as_text()).map_err(|_| Refusal::Internal)?;
    Ok(match codec::decode_server(text).map_err(|_| Refusal::Internal)? {
        ServerFrame::Page { reason, epoch, page, .. } => {
            let seq = page.messages.first().map_or(page.as_of, |first| first.seq.previous());
            let after = Cursor { epoch, seq };
            Some(LogUpdate::Page { after, reason, messages: page.messages, quoted: page.quoted })
        }
        ServerFrame::Rows { messages, .. } => Some(LogUpdate::Rows(messages)),
        ServerFrame::Changes { changes, .. } => Some(LogUpdate::Changes(changes)),
        // Hints, and frames that respond to a client's frame.
        ServerFrame::Welcome { .. }
        | ServerFrame::RoomAdded { .. }
        | ServerFrame::Resumed { .. }
        | ServerFrame::Answer { .. }
        | ServerFrame::Denied { .. }
        | ServerFrame::Present { .. }
        | ServerFrame::Typing { .. }
        | ServerFrame::Ack { .. }
        | ServerFrame::Refused { .. }
        | ServerFrame::Pong
        | ServerFrame::Error { .. }
        | ServerFrame::Bye { .. }
        | ServerFrame::Unknown => None,
    })
}
