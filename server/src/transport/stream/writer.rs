//! The task that writes one stream: waits for the feed, and writes its frames as markup. The task drops the feed when
//! it ends, so that a reader that takes no bytes leaves the room.

use std::collections::HashSet;
use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use bytes::Bytes;
use hubbub_app::{LogDocument, LogStart};
use hubbub_protocol::limits::MAX_RESUME_ROWS;
use hubbub_protocol::{Change, Message, MessageId, Page, What};
use tokio::sync::mpsc::Sender;
use tokio::time::{Instant, sleep_until, timeout};

use super::log_update::{LogUpdate, log_update};
use crate::hub::{Feed, Frame};
use crate::transport::bye::some_time_within;

/// Proxies cut a response that is silent for long: nginx after 60 s, others after 30.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(15);
/// Written when nothing else was written for [`HEARTBEAT_EVERY`]. Browsers don't display a comment.
const HEARTBEAT: &str = "<!-- still here -->\n";
/// A reader that takes nothing for this long is disconnected; its browser resumes from its cursor.
const WRITE_WITHIN: Duration = Duration::from_secs(10);
/// A live document ends after this time, so that it doesn't grow for ever; the browser loads the next.
const MAX_AGE: Duration = Duration::from_secs(60 * 60);
/// A live document ends after this many messages: the next one starts at the same cursor and has all of them.
const MAX_MESSAGES: usize = MAX_RESUME_ROWS;
/// A live document whose messages have changed without another text ends within this time, at random, so that a busy room
/// doesn't load all its readers' documents again with each reaction.
const STALE_FOR: Duration = Duration::from_secs(5);

/// One stream.
pub(super) struct DocumentWriter {
    feed: Feed,
    document: LogDocument,
    /// Takes pieces of markup to the body of the response. Closed when the browser closes the connection.
    reader: Sender<Bytes>,
    /// When a piece was handed to the body last.
    written_at: Instant,
    /// The messages in the document so far.
    shown: HashSet<MessageId>,
    /// When the document ends at the latest. None for a page of older messages.
    ends_at: Option<Instant>,
}

/// The first part of a document.
pub(super) enum DocumentStart {
    /// The messages after a cursor; new ones follow as they come.
    Live(LogStart, Page),
    /// A page of older messages, and the frames since it was read. No message follows.
    Past(Page, Vec<Frame>),
}

/// The reason to return: the document is too long or too old, its session has ended, the server stops, or its reader has
/// closed the connection or takes no bytes.
struct Ended;

impl DocumentWriter {
    pub(super) fn new(feed: Feed, document: LogDocument, reader: Sender<Bytes>) -> Self {
        Self { feed, document, reader, written_at: Instant::now(), shown: HashSet::new(), ends_at: None }
    }

    /// Writes until the document ends.
    pub(super) async fn run(mut self, start: DocumentStart) {
        let (beginning, frames) = match start {
            DocumentStart::Live(start, page) => {
                self.ends_at = Some(Instant::now() + MAX_AGE);
                (self.document.begin(&start) + &self.markup(page), Vec::new())
            }
            DocumentStart::Past(page, frames) => {
                self.shown.extend(page.messages.iter().map(|message| message.id));
                (self.document.past(&page), frames)
            }
        };
        // The browser loads the log again after every end.
        if self.write(beginning).await.is_ok() && self.show(&frames).await.is_ok() {
            let _ = self.follow().await;
        }
    }

    /// Returns only when the document ends.
    async fn follow(&mut self) -> Result<Infallible, Ended> {
        loop {
            let ends_at = self.ends_at;
            tokio::select! {
                biased;
                () = self.reader.closed() => return Err(Ended),
                () = self.feed.notified() => match self.feed.closing() {
                    Some(_) => return Err(Ended),
                    None => self.take().await?,
                },
                () = wait_until(ends_at) => return Err(Ended),
                () = sleep_until(self.written_at + HEARTBEAT_EVERY) => self.write(HEARTBEAT.to_owned()).await?,
            }
        }
    }

    /// Shows the frames that the feed has.
    async fn take(&mut self) -> Result<(), Ended> {
        let mut frames = Vec::new();
        if let Err(error) = self.feed.take(&mut frames).await {
            tracing::error!(%error, "the changes that a stream missed could not be read");
            return Err(Ended);
        }
        self.show(&frames).await
    }

    /// Writes the new messages of frames. Ends if a text that is shown is outdated.
    async fn show(&mut self, frames: &[Frame]) -> Result<(), Ended> {
        let mut new = Page::default();
        for frame in frames {
            match log_update(frame).map_err(|_| Ended)? {
                Some(LogUpdate::Changes(changes)) => {
                    for change in changes {
                        self.notice(&change)?;
                        new.messages.extend(Message::added_by(&change));
                    }
                }
                // The reader was behind. A new document shows the current state.
                Some(LogUpdate::Page { .. } | LogUpdate::Rows(_)) => return Err(Ended),
                None => {}
            }
        }
        if !self.is_live() {
            return Ok(());
        }
        let markup = self.markup(new);
        self.write(markup).await?;
        if self.shown.len() > MAX_MESSAGES { Err(Ended) } else { Ok(()) }
    }

    /// Ends if a change replaces text that is shown; plans the end if it replaces anything else that is shown.
    fn notice(&mut self, change: &Change) -> Result<(), Ended> {
        if !change.targets.iter().any(|target| self.shown.contains(target)) {
            return Ok(());
        }
        match change.what {
            What::Edited { .. } | What::Deleted | What::Unknown => return Err(Ended),
            What::Posted { .. } | What::Reacted { .. } | What::Pinned { .. } | What::Described { .. } => {}
        }
        if let Some(ends_at) = &mut self.ends_at {
            let stale_for = Duration::from_millis(some_time_within(STALE_FOR));
            *ends_at = (*ends_at).min(Instant::now() + stale_for);
        }
        Ok(())
    }

    const fn is_live(&self) -> bool {
        self.ends_at.is_some()
    }

    fn markup(&mut self, page: Page) -> String {
        self.shown.extend(page.messages.iter().map(|message| message.id));
        self.document.messages(&page)
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
