//! From a cursor to a response that goes on: follows the room, and has what is to be shown first. Called by http, which
//! has looked up who asks and let the connection in; knows no header and no rule.

use std::convert::Infallible;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream::unfold;
use hubbub_app::{Gap, LogDocument, LogStart};
use hubbub_protocol::{Cursor, Event, Refusal, SnapshotReason};
use tokio::sync::mpsc;

use super::news::{News, news};
use super::writer::Writer;
use crate::chat::Membership;
use crate::hub::{Feed, Frame};

/// Pieces of markup that wait to be sent. With one of them the reader sets the pace: the feed is asked again when the
/// connection has taken what there was, so that nothing gathers for a slow one.
const PIECES_WAITING: usize = 1;
/// How long a browser waits before it asks again, in seconds, at least: a proxy, or a server that restarts, is given a
/// moment, since a browser that gets no answer at all doesn't ask another time.
const ASK_AGAIN_AFTER_S: u32 = 3;
/// Each reader is told its own time, up to so many seconds later: those of a server that was killed don't come at once.
const ASK_AGAIN_WITHIN_S: u32 = 3;

/// What a stream answers with.
pub struct Streamed {
    /// The document.
    pub body: Body,
    /// Where it is to be asked for again, once it has ended or was cut: it shows what comes after this number.
    pub after: Cursor,
    /// How long the browser is to wait before that, in seconds.
    pub ask_again_after_s: u32,
}

/// Answers with a room's messages after a cursor, or with the newest page, and then with what comes, as markup.
///
/// # Errors
/// The store's.
pub async fn open(
    mut feed: Feed,
    membership: &Membership,
    document: LogDocument,
    after: Option<Cursor>,
) -> Result<Streamed, Refusal> {
    let mut frames = Vec::new();
    feed.follow(membership, after, &mut frames).await.map_err(|error| {
        tracing::error!(%error, "a room could not be followed by a stream");
        Refusal::Internal
    })?;
    let (start, events) = first_shown(&frames, after)?;
    let (shown_after, ask_again_after_s) = (start.after, ASK_AGAIN_AFTER_S + some_of(ASK_AGAIN_WITHIN_S));
    let (sender, receiver) = mpsc::channel(PIECES_WAITING);
    tokio::spawn(Writer::new(feed, document, sender).run(start, events));
    let pieces = unfold(receiver, |mut receiver: mpsc::Receiver<Bytes>| async move {
        let piece = receiver.recv().await?;
        Some((Ok::<_, Infallible>(piece), receiver))
    });
    Ok(Streamed { body: Body::from_stream(pieces), after: shown_after, ask_again_after_s })
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

/// By chance from 0 to `most`. Without random bytes all come at once, which is slow and not wrong.
fn some_of(most: u32) -> u32 {
    let mut byte = [0; 1];
    getrandom::fill(&mut byte).map_or(0, |()| u32::from(byte[0]) % (most + 1))
}
