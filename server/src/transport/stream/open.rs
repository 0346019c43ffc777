//! From a place in the log to a response that goes on: what is to be shown first, and a task that writes it. Called by
//! http, which has looked up who asks and let the connection in; knows no header and no rule.

use std::convert::Infallible;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream::unfold;
use hubbub_app::{Gap, LogDocument, LogStart};
use hubbub_protocol::{Cursor, Event, Refusal, SnapshotReason};
use tokio::sync::mpsc;

use super::news::{News, news};
use super::writer::{Shown, Writer};
use crate::chat::Membership;
use crate::hub::{Feed, Frame};

/// Pieces of markup that wait to be sent. With one of them the reader sets the pace: the feed is asked again when the
/// connection has taken what there was, so that nothing gathers for a slow one.
const PIECES_WAITING: usize = 1;

/// A room's messages after a cursor, or the newest page, and then what comes, as markup.
///
/// # Errors
/// The store's.
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
    Ok(written(feed, document, Shown::Live(start, events)))
}

/// A page of the past as markup. It goes on too, though nothing is added to it: a browser without script takes a page
/// of the log that has ended for one to be asked for anew, and the past is to stay for as long as it is read.
pub fn past(feed: Feed, document: LogDocument, events: Vec<Event>) -> Body {
    written(feed, document, Shown::Past(events))
}

fn written(feed: Feed, document: LogDocument, shown: Shown) -> Body {
    let (sender, receiver) = mpsc::channel(PIECES_WAITING);
    tokio::spawn(Writer::new(feed, document, sender).run(shown));
    let pieces = unfold(receiver, |mut receiver: mpsc::Receiver<Bytes>| async move {
        let piece = receiver.recv().await?;
        Some((Ok::<_, Infallible>(piece), receiver))
    });
    Body::from_stream(pieces)
}

/// What following a room was answered with: from where on the document shows messages, and those that there are.
fn first_shown(frames: &[Frame], asked: Option<Cursor>) -> Result<(LogStart, Vec<Event>), Refusal> {
    let (mut shown_after, mut gap, mut shown) = (asked, Gap::None, Vec::new());
    for frame in frames {
        match news(frame)? {
            Some(News::Page { after, reason, events }) => {
                shown_after = Some(after);
                gap = if reason == SnapshotReason::Gap { Gap::Before } else { Gap::None };
                shown = events;
            }
            Some(News::Next(events)) => shown.extend(events),
            None => {}
        }
    }
    let after = shown_after.ok_or(Refusal::Internal)?;
    Ok((LogStart { after, gap }, shown))
}
