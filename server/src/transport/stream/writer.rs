//! What one stream does all day: waits for what its feed brings, and writes it as markup. A task of its own, so that it
//! ends by itself, and its reader is no longer in the room, when the connection takes nothing any more.

use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use bytes::Bytes;
use hubbub_app::{LogDocument, LogStart};
use hubbub_protocol::Event;
use hubbub_protocol::limits::MAX_RESUME_EVENTS;
use tokio::sync::mpsc::Sender;
use tokio::time::{Instant, sleep_until, timeout};

use super::news::{News, news};
use crate::hub::Feed;

/// Proxies cut a response that is silent for long: nginx after 60 s, others after 30.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(15);
const HEARTBEAT: &str = "<!-- still here -->\n";
/// A reader that takes nothing for so long is given up; its browser asks again from where it was.
const STUCK_AFTER: Duration = Duration::from_secs(10);
/// A live document ends after so long, and the browser asks for a new one, so that it doesn't grow for ever.
const LIFE: Duration = Duration::from_secs(60 * 60);
/// The same after more messages than these: asked for again from where it began, it would have to have them all.
const MOST_EVENTS: u64 = MAX_RESUME_EVENTS;

/// One stream.
pub(super) struct Writer {
    feed: Feed,
    document: LogDocument,
    reader: Sender<Bytes>,
    written_at: Instant,
    n_events: u64,
}

/// What a document begins with.
pub(super) enum Shown {
    /// What came after a place in the log; more follows as it comes.
    Live(LogStart, Vec<Event>),
    /// A page of the past. Nothing follows.
    Past(Vec<Event>),
}

/// The document has ended: by its length, with its session or server, or because its reader has gone or is stuck.
struct Ended;

impl Writer {
    pub(super) fn new(feed: Feed, document: LogDocument, reader: Sender<Bytes>) -> Self {
        Self { feed, document, reader, written_at: Instant::now(), n_events: 0 }
    }

    /// Writes until the reader goes or must go.
    pub(super) async fn run(mut self, shown: Shown) {
        let (beginning, ends_at) = match shown {
            Shown::Live(start, events) => {
                (self.document.begin(&start) + &self.markup(&events), Some(Instant::now() + LIFE))
            }
            Shown::Past(events) => (self.document.past(&events), None),
        };
        // However it ends, the browser asks again.
        if self.write(beginning).await.is_ok() {
            let _ = self.follow(ends_at).await;
        }
    }

    /// Ends only with the document.
    async fn follow(&mut self, ends_at: Option<Instant>) -> Result<Infallible, Ended> {
        let long = wait_until(ends_at);
        tokio::pin!(long);
        loop {
            tokio::select! {
                biased;
                () = self.reader.closed() => return Err(Ended),
                () = self.feed.notified() => match self.feed.closing() {
                    Some(_) => return Err(Ended),
                    None => self.take().await?,
                },
                () = &mut long => return Err(Ended),
                () = sleep_until(self.written_at + HEARTBEAT_EVERY) => self.write(HEARTBEAT.to_owned()).await?,
            }
        }
    }

    /// Writes what the feed has.
    async fn take(&mut self) -> Result<(), Ended> {
        let mut frames = Vec::new();
        if let Err(error) = self.feed.take(&mut frames).await {
            tracing::error!(%error, "a stream could not be caught up");
            return Err(Ended);
        }
        let mut markup = String::new();
        let mut is_too_long = false;
        for frame in &frames {
            match news(frame).map_err(|_| Ended)? {
                Some(News::Next(events)) => markup += &self.markup(&events),
                // It fell so far behind that there is a gap: a new document shows the newest page, and leads to the rest.
                Some(News::Page { .. }) => is_too_long = true,
                None => {}
            }
        }
        self.write(markup).await?;
        if is_too_long || self.n_events > MOST_EVENTS { Err(Ended) } else { Ok(()) }
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
            sent = timeout(STUCK_AFTER, self.reader.send(Bytes::from(markup))) => match sent {
                Ok(Ok(())) => {
                    self.written_at = Instant::now();
                    Ok(())
                }
                Ok(Err(_)) | Err(_) => Err(Ended),
            },
            // Its browser has not even taken what came before.
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
