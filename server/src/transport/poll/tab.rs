//! One tab that polls: its frame handler, and which of its polls is served. Knows neither HTTP nor other tabs.

use std::sync::{Arc, Mutex};

use hubbub_protocol::{Interest, Refusal};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::kind::PollKind;
use crate::chat::{Chat, Visitor};
use crate::hub::{Feed, Frame, Listener};
use crate::transport::frame_handler::{FrameHandler, SESSION_CHECK_INTERVAL};

/// When a response has this many bytes, no further room is added. The remaining rooms come with the next poll, which
/// doesn't wait.
const RESPONSE_BYTES: usize = 256 * 1024;

/// A tab that polls, between its requests.
pub(super) struct Tab {
    /// Locked while a frame is handled or frames are taken, and never while a poll waits.
    pub(super) state: tokio::sync::Mutex<TabState>,
    /// Locked by the one poll that is served, for two reasons: the next poll may compare its cursors with the feed only
    /// when the served poll takes no more frames, and the listener wakes only the task that waited last.
    pub(super) serving: tokio::sync::Mutex<()>,
    /// Wakes the served poll when the feed has frames, or when the connection must end.
    pub(super) listener: Listener,
    /// Held for the newest poll. Dropped when another comes, so that the older poll ends.
    newest_poll: Mutex<Option<oneshot::Sender<()>>>,
}

/// What is locked while the tab is served.
pub(super) struct TabState {
    pub(super) handler: FrameHandler,
    /// Whether a response with a `welcome` was made. The first poll may be dropped before.
    is_open: bool,
    session_checked_at: Instant,
}

/// Tells a poll when a newer poll of the same tab takes its place.
pub(super) struct NewerPoll(oneshot::Receiver<()>);

impl Tab {
    pub(super) fn new(chat: Arc<Chat>, visitor: Visitor, feed: Feed) -> Arc<Self> {
        let listener = feed.listener();
        let handler = FrameHandler::new(chat, visitor, feed);
        let state = TabState { handler, is_open: false, session_checked_at: Instant::now() };
        Arc::new(Self {
            state: tokio::sync::Mutex::new(state),
            serving: tokio::sync::Mutex::default(),
            listener,
            newest_poll: Mutex::default(),
        })
    }

    /// Makes a poll the tab's newest, and notifies the poll that was the newest before.
    pub(super) fn begin_poll(&self) -> NewerPoll {
        let (sender, receiver) = oneshot::channel();
        *self.newest_poll.lock().expect("no holder of this lock panics") = Some(sender);
        NewerPoll(receiver)
    }
}

impl NewerPoll {
    /// Whether a newer poll has come.
    pub(super) fn has_come(&mut self) -> bool {
        matches!(self.0.try_recv(), Err(oneshot::error::TryRecvError::Closed))
    }

    /// Waits until a newer poll comes. Cancel safe.
    pub(super) async fn comes(&mut self) {
        // A receiver that has returned its end must not be awaited again.
        if self.0.is_terminated() {
            return;
        }
        // The sender never sends: it is dropped when a newer poll comes.
        let _ = (&mut self.0).await;
    }
}

impl TabState {
    /// Looks the session up, if the last lookup is [`SESSION_CHECK_INTERVAL`] ago.
    ///
    /// # Errors
    /// [`Refusal::SignedOut`] if the session has expired.
    pub(super) async fn check_session(&mut self) -> Result<(), Refusal> {
        if self.session_checked_at.elapsed() < SESSION_CHECK_INTERVAL {
            return Ok(());
        }
        if !self.handler.is_session_valid().await {
            return Err(Refusal::SignedOut);
        }
        self.session_checked_at = Instant::now();
        Ok(())
    }

    /// Begins or continues the tab from the cursors in `rooms`, and adds the frames that are ready to
    /// `frames`.
    ///
    /// # Errors
    /// [`Refusal::HelloExpected`] to a further poll of a tab that isn't open, and the store's.
    pub(super) async fn begin(
        &mut self,
        kind: PollKind,
        rooms: Vec<Interest>,
        frames: &mut Vec<Frame>,
    ) -> Result<(), Refusal> {
        match kind {
            PollKind::First => self.handler.welcome(rooms, frames).await?,
            PollKind::Further if self.is_open => self.handler.resume_from(rooms, frames),
            PollKind::Further => return Err(Refusal::HelloExpected),
        }
        self.take(frames).await?;
        self.is_open = true;
        Ok(())
    }

    /// Adds the frames that are ready to `frames`: those of queued rooms, and then those of the feed.
    ///
    /// # Errors
    /// [`Refusal::Internal`] if the store fails.
    pub(super) async fn take(&mut self, frames: &mut Vec<Frame>) -> Result<(), Refusal> {
        while self.handler.has_queued_rooms() && n_bytes(frames) < RESPONSE_BYTES {
            Box::pin(self.handler.follow_queued_room(frames)).await;
        }
        self.handler.feed.take(frames).await.map_err(|error| {
            tracing::error!(%error, "the events that a polling tab missed could not be read");
            Refusal::Internal
        })
    }
}

fn n_bytes(frames: &[Frame]) -> usize {
    frames.iter().map(|frame| frame.as_text().len()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn comes_returns_at_once_after_has_come_returned_true() {
        let (sender, receiver) = oneshot::channel();
        let mut newer_poll = NewerPoll(receiver);
        assert!(!newer_poll.has_come());
        drop(sender);
        assert!(newer_poll.has_come());
        newer_poll.comes().await;
    }
}
