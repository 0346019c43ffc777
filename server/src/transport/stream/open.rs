//! Opens a stream: follows a room, and starts the task that writes the document. Called by http, which has looked up
//! the session and admitted the connection; knows no header and no rule of the chat.

use std::convert::Infallible;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream::unfold;
use hubbub_app::{Gap, LogDocument, LogStart};
use hubbub_protocol::{Cursor, Epoch, Page, PageReason, Refusal};
use tokio::sync::mpsc;

use super::log_update::{LogUpdate, log_update};
use super::writer::{DocumentStart, DocumentWriter};
use crate::chat::Membership;
use crate::hub::{Feed, Frame};

/// Pieces of markup that wait to be sent. One: the writer takes more from the feed only when the connection has taken
/// the last piece, so that nothing gathers for a slow reader.
const PIECES_WAITING: usize = 1;

/// Returns a body that streams a room's messages as markup: those after a cursor in their current state, or the newest
/// page, and then each new message. The body ends when a message that it shows has changed, so that the browser loads the
/// current state.
///
/// # Errors
/// [`Refusal::Internal`] if the store fails.
pub async fn live(
    mut feed: Feed,
    membership: &Membership,
    document: LogDocument,
    after: Option<Cursor>,
) -> Result<Body, Refusal> {
    let frames = follow(&mut feed, membership, after).await?;
    let (start, page) = first_shown(&frames, after)?;
    Ok(written(feed, document, DocumentStart::Live(start, page)))
}

/// Returns a body with a page of older messages as markup. The body stays open although no message follows: a browser
/// without script loads the log again when the body ends, and shows the newest page then. The body ends only when the text
/// of one of its messages has changed.
///
/// # Errors
/// [`Refusal::Internal`] if the store fails.
pub async fn past(
    mut feed: Feed,
    membership: &Membership,
    document: LogDocument,
    epoch: Epoch,
    page: Page,
) -> Result<Body, Refusal> {
    // What changed since the page was read comes as rows, and then the document ends at once.
    let after = Cursor { epoch, seq: page.as_of };
    let frames = follow(&mut feed, membership, Some(after)).await?;
    Ok(written(feed, document, DocumentStart::Past(page, frames)))
}

async fn follow(feed: &mut Feed, membership: &Membership, after: Option<Cursor>) -> Result<Vec<Frame>, Refusal> {
    let mut frames = Vec::new();
    feed.follow(membership, after, &mut frames).await.map_err(|error| {
        tracing::error!(%error, "a room could not be followed by a stream");
        Refusal::Internal
    })?;
    Ok(frames)
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

/// Returns where the document starts, and its first messages, from the frames that following the room brought.
fn first_shown(frames: &[Frame], asked: Option<Cursor>) -> Result<(LogStart, Page), Refusal> {
    let (mut shown_after, mut gap, mut page) = (asked, Gap::None, Page::default());
    for frame in frames {
        match log_update(frame)? {
            Some(LogUpdate::Page { after, reason, messages, quoted }) => {
                shown_after = Some(after);
                gap = if reason == PageReason::Gap { Gap::Before } else { Gap::None };
                page = Page { messages, quoted, ..Page::default() };
            }
            Some(LogUpdate::Rows(rows)) => {
                // Rows before the cursor are older messages that have changed, which the document doesn't show.
                page.messages.extend(rows.into_iter().filter(|row| asked.is_none_or(|after| row.seq > after.seq)));
            }
            // None follows before the room is followed.
            Some(LogUpdate::Changes(_)) | None => {}
        }
    }
    page.messages.sort_unstable_by_key(|message| message.seq);
    let after = shown_after.ok_or(Refusal::Internal)?;
    Ok((LogStart { after, gap }, page))
}
