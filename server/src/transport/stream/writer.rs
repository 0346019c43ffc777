//! The task that writes one stream: waits for the feed, and writes its frames as markup. The task drops the feed when
//! it ends, so that a reader that takes no bytes leaves the room.

use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use bytes::Bytes;
use hubbub_app::{LogDocument, LogStart};
use hubbub_protocol::Event;
use hubbub_protocol::limits::MAX_RESUME_EVENTS;
use tokio::sync::mpsc::Sender;
use tokio::time::{Instant, sleep_until, timeout};

use super::log_update::{LogUpdate, log_update};
use crate::hub::Feed;

/// Proxies cut a response that is silent for long: nginx after 60 s, others after 30.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(15);
/// Written when nothing else was written for [`HEARTBEAT_EVERY`]. Browsers don't display a comment.
const HEARTBEAT: &str = "<!-- still here -->\n";
/// A reader that takes nothing for this long is disconnected; its browser resumes from its cursor.
const WRITE_WITHIN: Duration = Duration::from_secs(10);
/// A live document ends after this time, so that it doesn't grow for ever; the browser loads the next.
const MAX_AGE: Duration = Duration::from_secs(60 * 60);
/// A live document ends after this many messages: the next one starts at the same cursor and has all of them.
const MAX_EVENTS: u64 = MAX_RESUME_EVENTS;

/// One stream.
pub(super) struct DocumentWriter {
    feed: Feed,
    document: LogDocument,
    /// Takes pieces of markup to the body of the response. Closed when the browser closes the connection.
    reader: Sender<Bytes>,
    /// When a piece was handed to the body last.
    written_at: Instant,
    /// Messages in the document so far.
    n_events: u64,
}

/// The first part of a document.
pub(super) enum DocumentStart {
    /// The messages after a cursor; new ones follow as they come.
    Live(LogStart, Vec<Event>),
    /// A page of older messages. Nothing follows.
    Past(Vec<Event>),
}

/// The reason to return: the document is too long or too old, its session has ended, the server stops, or its reader has
/// closed the connection or takes no bytes.
struct Ended;

impl DocumentWriter {
    pub(super) fn new(feed: Feed, document: LogDocument, reader: Sender<Bytes>) -> Self {
        Self { feed, document, reader, written_at: Instant::now(), n_events: 0 }
    }

    /// Writes until the document ends.
    pub(super) async fn run(mut self, start: DocumentStart) {
        let (beginning, ends_at) = match start {
            DocumentStart::Live(start, events) => {
                (self.document.begin(&start) + &self.markup(&events), Some(Instant::now() + MAX_AGE))
            }
            DocumentStart::Past(events) => (self.document.past(&events), None),
        };
        // The browser loads the log again after every end.
        if self.write(beginning).await.is_ok() {
            let _ = self.follow(ends_at).await;
        }
    }

    /// Returns only when the document ends.
    async fn follow(&mut self, ends_at: Option<Instant>) -> Result<Infallible, Ended> {
        let too_old = wait_until(ends_at);
        tokio::pin!(too_old);
        loop {
            tokio::select! {
                biased;
                () = self.reader.closed() => return Err(Ended),
                () = self.feed.notified() => match self.feed.closing() {
                    Some(_) => return Err(Ended),
                    None => self.take().await?,
                },
                () = &mut too_old => return Err(Ended),
                () = sleep_until(self.written_at + HEARTBEAT_EVERY) => self.write(HEARTBEAT.to_owned()).await?,
            }
        }
    }

    /// Writes the frames that the feed has.
    async fn take(&mut self) -> Result<(), Ended> {
        let mut frames = Vec::new();
        if let Err(error) = self.feed.take(&mut frames).await {
            tracing::error!(%error, "the events that a stream missed could not be read");
            return Err(Ended);
        }
        let mut markup = String::new();
        let mut is_too_long = false;
        for frame in &frames {
            match log_update(frame).map_err(|_| Ended)? {
                Some(LogUpdate::Next(events)) => markup += &self.markup(&events),
                // The reader is so far behind that there is a gap: a new document shows the newest page and links to
                // the rest.
                Some(LogUpdate::Page { .. }) => is_too_long = true,
                None => {}
            }
        }
        self.write(markup).await?;
        if is_too_long || self.n_events > MAX_EVENTS { Err(Ended) } else { Ok(()) }
    }

    fn markup(&mut self, events: &[Event]) -> String {
        self.n_events += events.len() as u64;
        self.document.events(events)
    }

    async fn write(&mut self, markup: String) -> Result<(), Ended> {
        if markup.is_empty() {
            return Ok(());
        }
        tokio::select! {
            biased;
            sent = timeout(WRITE_WITHIN, self.reader.send(Bytes::from(markup))) => match sent {
                Ok(Ok(())) => {
                    self.written_at = Instant::now();
                    Ok(())
                }
                Ok(Err(_)) | Err(_) => Err(Ended),
            },
            // The browser has not taken the last piece.
            () = self.feed.closed() => Err(Ended),
        }
    }
}

async fn wait_until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => pending().await,
    }
}
