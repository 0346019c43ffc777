//! Opens a stream: follows a room, and starts the task that writes the document. Called by http, which has looked up
//! the session and admitted the connection; knows no header and no rule of the chat.

use std::convert::Infallible;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream::unfold;
use hubbub_app::{Gap, LogDocument, LogStart};
use hubbub_protocol::{Cursor, Event, Refusal, SnapshotReason};
use tokio::sync::mpsc;

use super::log_update::{LogUpdate, log_update};
use super::writer::{DocumentStart, DocumentWriter};
use crate::chat::Membership;
use crate::hub::{Feed, Frame};

/// Pieces of markup that wait to be sent. One: the writer takes more from the feed only when the connection has taken
/// the last piece, so that nothing gathers for a slow reader.
const PIECES_WAITING: usize = 1;

/// Returns a body that streams a room's messages as markup: those after a cursor, or the newest page, and then each new
/// message.
///
/// # Errors
/// [`Refusal::Internal`] if the store fails.
pub async fn live(
    mut feed: Feed,
    membership: &Membership,
    document: LogDocument,
    after: Option<Cursor>,
) -> Result<Body, Refusal> {
    let mut frames = Vec::new();
    feed.follow(membership, after, &mut frames).await.map_err(|error| {
        tracing::error!(%error, "a room could not be followed by a stream");
        Refusal::Internal
    })?;
    let (start, events) = first_shown(&frames, after)?;
    Ok(written(feed, document, DocumentStart::Live(start, events)))
}

/// Returns a body with a page of older messages as markup. The body stays open, although no message follows: a browser
/// without script loads the log again when the body ends, and would show the newest page instead.
pub fn past(feed: Feed, document: LogDocument, events: Vec<Event>) -> Body {
    written(feed, document, DocumentStart::Past(events))
}

/// Starts the task that writes a document, and returns the body that the task writes to.
fn written(feed: Feed, document: LogDocument, start: DocumentStart) -> Body {
    let (sender, receiver) = mpsc::channel(PIECES_WAITING);
    tokio::spawn(DocumentWriter::new(feed, document, sender).run(start));
    let pieces = unfold(receiver, |mut receiver: mpsc::Receiver<Bytes>| async move {
        let piece = receiver.recv().await?;
        Some((Ok::<_, Infallible>(piece), receiver))
    });
    Body::from_stream(pieces)
}

/// Returns where the document starts in the log, and its first messages, from the frames that following the room
/// brought.
fn first_shown(frames: &[Frame], asked: Option<Cursor>) -> Result<(LogStart, Vec<Event>), Refusal> {
    let (mut shown_after, mut gap, mut shown) = (asked, Gap::None, Vec::new());
    for frame in frames {
        match log_update(frame)? {
            Some(LogUpdate::Page { after, reason, events }) => {
                shown_after = Some(after);
                gap = if reason == SnapshotReason::Gap { Gap::Before } else { Gap::None };
                shown = events;
            }
            Some(LogUpdate::Next(events)) => shown.extend(events),
            None => {}
        }
    }
    let after = shown_after.ok_or(Refusal::Internal)?;
    Ok((LogStart { after, gap }, shown))
}
