//! What one connection does all day: hear what the client says, send what it is behind, see whether it is still there.
//! Ten thousand of these stand idle, so what seldom runs is put on the heap when it does.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use hubbub_protocol::limits::{DEAD_AFTER, PING_AFTER};
use hubbub_protocol::{Refusal, ServerFrame};
use tokio::time::{Instant, sleep_until};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::socket::{Said, Socket};
use crate::chat::{Chat, Visitor};
use crate::hub::{Closing, Feed, Frame};
use crate::transport::conversation::{Conversation, Heard};
use crate::transport::goodbye::bye;

/// Posts of one connection that may be on their way to the disk. Beyond it the connection isn't read, and TCP holds the
/// client back.
const POSTS_IN_FLIGHT: usize = 64;
/// Frames that must be refused before the connection is closed, within [`FORGIVEN_AFTER`].
const STRIKES: u32 = 30;
/// When refused frames are forgotten.
const FORGIVEN_AFTER: Duration = Duration::from_secs(60);
/// How often a connection looks whether its session lives, which keeps the session alive.
const SEE_WELCOME_EVERY: Duration = Duration::from_secs(60 * 60);
/// Frames that a connection's list may have room for while it is idle.
const IDLE_CAPACITY: usize = 4;

/// One client.
pub(super) struct Connection {
    socket: Socket,
    conversation: Conversation,
    posting: FuturesUnordered<futures_util::future::BoxFuture<'static, ServerFrame>>,
    /// To be written next, in this order, before what the feed has.
    outgoing: Vec<Frame>,
    heard_at: Instant,
    seen_welcome_at: Instant,
    strikes: u32,
    strikes_since: Instant,
}

/// How a connection ends.
enum End {
    /// The peer went, or can't be written to.
    Gone,
    /// The peer said goodbye.
    Goodbye,
    /// The peer is told to go.
    Told(CloseCode, &'static str),
}

impl Connection {
    pub(super) fn new(socket: Socket, chat: Arc<Chat>, visitor: Visitor, feed: Feed) -> Self {
        let now = Instant::now();
        Self {
            socket,
            conversation: Conversation::new(chat, visitor, feed),
            posting: FuturesUnordered::new(),
            outgoing: Vec::new(),
            heard_at: now,
            seen_welcome_at: now,
            strikes: 0,
            strikes_since: now,
        }
    }

    /// Serves the client until it goes or must go.
    pub(super) async fn run(mut self) {
        let end = self.serve().await;
        let Self { socket, mut conversation, .. } = self;
        // First of all, so that whoever goes is no longer seen in any room. It counts as connected until it has gone.
        conversation.feed.unfollow_all();
        match end {
            End::Gone => {}
            End::Goodbye => Box::pin(socket.answer_goodbye()).await,
            End::Told(code, reason) => Box::pin(socket.close(code, reason)).await,
        }
    }

    async fn serve(&mut self) -> End {
        let check = sleep_until(self.heard_at + PING_AFTER);
        tokio::pin!(check);
        loop {
            if !self.outgoing.is_empty()
                && let Err(end) = self.flush().await
            {
                return end;
            }
            if self.conversation.has_rooms_to_follow() {
                Box::pin(self.conversation.follow_next(&mut self.outgoing)).await;
                continue;
            }
            let is_full = self.posting.len() >= POSTS_IN_FLIGHT;
            tokio::select! {
                biased;
                () = self.conversation.feed.rung() => {
                    if let Some(closing) = self.conversation.feed.closing() {
                        return Box::pin(self.say_bye(closing)).await;
                    }
                    if let Err(end) = self.take().await {
                        return end;
                    }
                }
                Some(answer) = self.posting.next(), if !self.posting.is_empty() => self.settle(&answer),
                said = self.socket.next(), if !is_full => {
                    self.heard_at = Instant::now();
                    if let Err(end) = Box::pin(self.hear(said)).await {
                        return end;
                    }
                }
                () = &mut check => match Box::pin(self.check()).await {
                    Ok(next) => check.as_mut().reset(next),
                    Err(end) => return end,
                },
            }
        }
    }

    /// Adds what the feed has to what is to be sent.
    async fn take(&mut self) -> Result<(), End> {
        self.conversation.feed.take(&mut self.outgoing).await.map_err(|error| {
            tracing::error!(%error, "a reader could not be caught up");
            End::Told(CloseCode::Again, "resume")
        })
    }

    async fn flush(&mut self) -> Result<(), End> {
        tokio::select! {
            biased;
            sent = self.socket.send(&self.outgoing) => sent.map_err(|_| End::Gone)?,
            // A frame that a stuck reader has half of can't be followed by a word: it learns why when it comes back.
            () = self.conversation.feed.told_to_close() => return Err(End::Gone),
        }
        self.outgoing.clear();
        if self.outgoing.capacity() > IDLE_CAPACITY {
            self.outgoing.shrink_to(IDLE_CAPACITY);
        }
        Ok(())
    }

    /// Takes every answer that is there, so that all of them share a write.
    fn settle(&mut self, first: &ServerFrame) {
        self.outgoing.push(Frame::from(first));
        while let Some(Some(answer)) = self.posting.next().now_or_never() {
            self.outgoing.push(Frame::from(&answer));
        }
    }

    async fn hear(&mut self, said: Said) -> Result<(), End> {
        let heard = match said {
            Said::Text(text) => self.conversation.hear(&text, &mut self.outgoing).await,
            Said::Binary => Err(Refusal::NotJson),
            Said::Alive => Ok(Heard::Done),
            Said::Closed => return Err(End::Goodbye),
            Said::Over(Some(code)) => return Err(End::Told(code, "")),
            Said::Over(None) => return Err(End::Gone),
        };
        match heard {
            Ok(Heard::Done) => Ok(()),
            Ok(Heard::Posting(posting)) => {
                self.posting.push(posting.settled().boxed());
                Ok(())
            }
            Ok(Heard::TooFast) => self.strike().await,
            Err(refusal) => {
                self.outgoing.push(Frame::from(&ServerFrame::Error { refusal }));
                self.strike().await
            }
        }
    }

    /// A client that keeps saying what can't be understood is told so, and closed in the end.
    async fn strike(&mut self) -> Result<(), End> {
        if self.strikes_since.elapsed() > FORGIVEN_AFTER {
            self.strikes = 0;
            self.strikes_since = Instant::now();
        }
        self.strikes += 1;
        if self.strikes < STRIKES {
            return Ok(());
        }
        self.flush().await?;
        Err(End::Told(CloseCode::Policy, "too many frames that had to be refused"))
    }

    /// Asks a silent client whether it is there, and gives up on one that doesn't answer. Says when to look again.
    async fn check(&mut self) -> Result<Instant, End> {
        if self.seen_welcome_at.elapsed() >= SEE_WELCOME_EVERY {
            self.seen_welcome_at = Instant::now();
            if !self.conversation.is_welcome().await {
                return Err(self.say_bye(Closing::SignedOut).await);
            }
        }
        let silence = self.heard_at.elapsed();
        if silence >= DEAD_AFTER {
            return Err(End::Gone);
        }
        if silence < PING_AFTER {
            return Ok(self.heard_at + PING_AFTER);
        }
        self.socket.ping().await.map_err(|_| End::Gone)?;
        Ok(Instant::now() + PING_AFTER.min(DEAD_AFTER - silence))
    }

    async fn say_bye(&mut self, closing: Closing) -> End {
        let (code, reason) = match closing {
            Closing::SignedOut => (CloseCode::Policy, "signed out"),
            Closing::ShuttingDown => {
                self.finish_posts().await;
                (CloseCode::Restart, "restart")
            }
        };
        self.outgoing.push(bye(closing));
        match self.flush().await {
            Ok(()) => End::Told(code, reason),
            Err(end) => end,
        }
    }

    /// What was accepted is answered before the client is sent away.
    async fn finish_posts(&mut self) {
        while let Some(answer) = self.posting.next().await {
            self.outgoing.push(Frame::from(&answer));
        }
    }
}
