//! One tab that asks: its conversation, and whose turn it is to be answered. Knows neither HTTP nor other tabs.

use std::sync::{Arc, Mutex};

use hubbub_protocol::{Interest, Refusal};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::Ask;
use crate::chat::{Chat, Visitor};
use crate::hub::{Feed, Frame, Listener};
use crate::transport::conversation::{Conversation, SEE_WELCOME_EVERY};

/// An answer that is this long doesn't begin with another room: what is left comes with the next, which needn't wait.
const ANSWER_BYTES: usize = 256 * 1024;

/// See the module.
pub(super) struct Tab {
    /// Held while something is heard or taken, and never while an ask waits.
    pub(super) talk: tokio::sync::Mutex<Talk>,
    /// Held by the one ask that is served: the next compares its cursors with the feed's only when this one takes nothing
    /// more, and the bell wakes whoever listened to it last, so that two must not.
    pub(super) serving: tokio::sync::Mutex<()>,
    /// Of the conversation's feed.
    pub(super) bell: Listener,
    /// Dropped when another ask comes, so that the one that is served makes room.
    turn: Mutex<Option<oneshot::Sender<()>>>,
}

/// What is said, and how far it has got.
pub(super) struct Talk {
    pub(super) conversation: Conversation,
    /// Whether an answer with a `welcome` was made. The first ask may be dropped before it is.
    is_open: bool,
    seen_welcome_at: Instant,
}

/// An ask's claim to be served: one of a tab has it, the newest.
pub(super) struct Turn(oneshot::Receiver<()>);

impl Tab {
    pub(super) fn new(chat: Arc<Chat>, visitor: Visitor, feed: Feed) -> Arc<Self> {
        let bell = feed.listener();
        let conversation = Conversation::new(chat, visitor, feed);
        let talk = Talk { conversation, is_open: false, seen_welcome_at: Instant::now() };
        Arc::new(Self {
            talk: tokio::sync::Mutex::new(talk),
            serving: tokio::sync::Mutex::default(),
            bell,
            turn: Mutex::default(),
        })
    }

    /// The turn of an ask that has just come. Whoever had it has it no longer.
    pub(super) fn next_turn(&self) -> Turn {
        let (sender, receiver) = oneshot::channel();
        *self.turn.lock().expect("no holder of this lock panics") = Some(sender);
        Turn(receiver)
    }
}

impl Turn {
    pub(super) fn is_over(&mut self) -> bool {
        matches!(self.0.try_recv(), Err(oneshot::error::TryRecvError::Closed))
    }

    /// Waits until another has the turn.
    pub(super) async fn over(&mut self) {
        // It has been looked at, and must not be waited for once more.
        if self.0.is_terminated() {
            return;
        }
        // Nothing is ever sent: a sender that is dropped says it.
        let _ = (&mut self.0).await;
    }
}

impl Talk {
    /// # Errors
    /// [`Refusal::SignedOut`] when the session has ended by itself.
    pub(super) async fn see_welcome(&mut self) -> Result<(), Refusal> {
        if self.seen_welcome_at.elapsed() < SEE_WELCOME_EVERY {
            return Ok(());
        }
        if !self.conversation.is_welcome().await {
            return Err(Refusal::SignedOut);
        }
        self.seen_welcome_at = Instant::now();
        Ok(())
    }

    /// Begins the conversation, or goes on with it, from the cursors given, and adds what there is now to `answer`.
    ///
    /// # Errors
    /// [`Refusal::HelloExpected`] when there is nothing to go on with, and the store's.
    pub(super) async fn begin(
        &mut self,
        ask: Ask,
        rooms: Vec<Interest>,
        answer: &mut Vec<Frame>,
    ) -> Result<(), Refusal> {
        match ask {
            Ask::First => self.conversation.greet(rooms, answer).await?,
            Ask::Further if self.is_open => self.conversation.go_on_from(rooms, answer),
            Ask::Further => return Err(Refusal::HelloExpected),
        }
        self.take(answer).await?;
        self.is_open = true;
        Ok(())
    }

    /// Adds what there is now to `answer`.
    pub(super) async fn take(&mut self, answer: &mut Vec<Frame>) -> Result<(), Refusal> {
        while self.conversation.has_rooms_to_follow() && n_bytes(answer) < ANSWER_BYTES {
            Box::pin(self.conversation.follow_next(answer)).await;
        }
        self.conversation.feed.take(answer).await.map_err(|error| {
            tracing::error!(%error, "a tab could not be caught up");
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
    async fn a_turn_that_was_seen_to_be_over_is_still_over_when_it_is_waited_for() {
        let (sender, receiver) = oneshot::channel();
        let mut turn = Turn(receiver);
        assert!(!turn.is_over());
        drop(sender);
        assert!(turn.is_over());
        turn.over().await;
    }
}
