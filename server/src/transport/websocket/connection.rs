//! The task of one WebSocket connection: handles the client's frames, sends new frames to the client, and pings a
//! client that is silent. Ten thousand connections may be idle, so futures that seldom run are allocated only when they
//! run.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::stream::FuturesOrdered;
use futures_util::{FutureExt, StreamExt};
use hubbub_protocol::limits::{DEAD_AFTER, PING_AFTER};
use hubbub_protocol::{Refusal, ServerFrame};
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::end::End;
use super::socket::{Said, Socket};
use super::violations::{Violation, ViolationCounter};
use crate::chat::{Chat, Visitor};
use crate::hub::{Closing, Feed, Frame, FrameWriter, Unwritten};
use crate::transport::bye::bye;
use crate::transport::conversation::{Conversation, Heard, SEE_WELCOME_EVERY};

/// Posts of one connection that may wait for their commits. At this number the connection isn't read, and TCP slows the
/// client down.
const POSTS_IN_FLIGHT: usize = 64;
/// Capacity that an idle connection keeps in its list of frames.
const IDLE_CAPACITY: usize = 4;

/// One WebSocket connection, from its handshake to its end.
pub(super) struct Connection {
    socket: Socket,
    conversation: Conversation,
    /// Posts that wait for their commits, oldest first.
    posting: FuturesOrdered<futures_util::future::BoxFuture<'static, ServerFrame>>,
    /// Writes frames past the library. None while the hub has it.
    writer: Option<Arc<dyn FrameWriter>>,
    /// Frames to be written next, before those of the feed.
    outgoing: Unwritten,
    /// When the socket received something last.
    heard_at: Instant,
    /// When the session was looked up last.
    seen_welcome_at: Instant,
    violations: ViolationCounter,
}

/// What ended a wait.
enum Woken {
    /// There may be something in the feed.
    Notified,
    /// A post was committed or refused.
    Answered(ServerFrame),
    /// The socket received something.
    Told(Said),
    /// It is time to check the client.
    Due,
}

impl Connection {
    /// Boxed, because the future of an async function can hold several copies of an argument.
    pub(super) fn new(socket: Socket, chat: Arc<Chat>, visitor: Visitor, feed: Feed) -> Box<Self> {
        let now = Instant::now();
        Box::new(Self {
            writer: Some(socket.writer()),
            socket,
            conversation: Conversation::new(chat, visitor, feed),
            posting: FuturesOrdered::new(),
            outgoing: Unwritten::default(),
            heard_at: now,
            seen_welcome_at: now,
            violations: ViolationCounter::new(now),
        })
    }

    /// Serves the client until the connection ends.
    pub(super) async fn run(mut self: Box<Self>) {
        let Err(end) = self.serve().await;
        Box::pin(self.end(end)).await;
    }

    async fn end(mut self: Box<Self>, end: End) {
        // First of all, so that the client's presence ends in each room at once. The connection counts towards the caps
        // until the socket is closed.
        self.conversation.feed.unfollow_all();
        if matches!(end, End::Told(..)) {
            self.finish_posts().await;
            if self.flush().await.is_err() {
                return;
            }
        }
        end.say(self.socket).await;
    }

    /// Returns only when the connection must end.
    async fn serve(&mut self) -> Result<Infallible, End> {
        let check = sleep_until(self.heard_at + PING_AFTER);
        tokio::pin!(check);
        loop {
            self.flush().await?;
            if self.conversation.has_rooms_to_follow() {
                Box::pin(self.conversation.follow_next(&mut self.outgoing.frames)).await;
                continue;
            }
            match self.wait(check.as_mut()).await? {
                Woken::Notified => self.take().await?,
                Woken::Answered(answer) => self.settle(&answer),
                Woken::Told(said) => {
                    self.heard_at = Instant::now();
                    Box::pin(self.hear(said)).await?;
                }
                Woken::Due => check.as_mut().reset(Box::pin(self.check()).await?),
            }
        }
    }

    /// Waits until there is something to do. Meanwhile the hub writes what is published in the rooms.
    async fn wait(&mut self, check: Pin<&mut Sleep>) -> Result<Woken, End> {
        self.socket.settle().await.map_err(|_| End::Gone)?;
        if let Some(writer) = self.writer.take() {
            self.conversation.feed.lend(writer);
        }
        let is_full = self.posting.len() >= POSTS_IN_FLIGHT;
        let woken = tokio::select! {
            biased;
            () = self.conversation.feed.notified() => Woken::Notified,
            Some(answer) = self.posting.next(), if !self.posting.is_empty() => Woken::Answered(answer),
            said = self.socket.next(), if !is_full => Woken::Told(said),
            () = check => Woken::Due,
        };
        self.writer = self.conversation.feed.reclaim();
        if let Some(writer) = &self.writer {
            self.outgoing = writer.take_unwritten();
        }
        // A frame that was written in part must be completed before any other frame.
        self.flush().await?;
        Ok(woken)
    }

    /// Adds the feed's frames to those that are written next.
    async fn take(&mut self) -> Result<(), End> {
        if let Some(closing) = self.conversation.feed.closing() {
            return Err(Box::pin(self.say_bye(closing)).await);
        }
        self.conversation.feed.take(&mut self.outgoing.frames).await.map_err(|error| {
            tracing::error!(%error, "the events that a connection missed could not be read");
            End::Told(CloseCode::Again, "resume")
        })
    }

    async fn flush(&mut self) -> Result<(), End> {
        if self.outgoing.frames.is_empty() {
            return Ok(());
        }
        tokio::select! {
            biased;
            sent = self.socket.send(&mut self.outgoing) => sent.map_err(|_| End::Gone)?,
            // No frame can follow one that was written in part. The client learns the reason when it reconnects.
            () = self.conversation.feed.closed() => return Err(End::Gone),
        }
        if self.outgoing.frames.capacity() > IDLE_CAPACITY {
            self.outgoing.frames.shrink_to(IDLE_CAPACITY);
        }
        Ok(())
    }

    /// Adds every answer that is ready, so that all of them are written at once.
    fn settle(&mut self, first: &ServerFrame) {
        self.outgoing.frames.push(Frame::from(first));
        while let Some(Some(answer)) = self.posting.next().now_or_never() {
            self.outgoing.frames.push(Frame::from(&answer));
        }
    }

    async fn hear(&mut self, said: Said) -> Result<(), End> {
        let heard = match said {
            Said::Text(text) => self.conversation.hear(&text, &mut self.outgoing.frames).await,
            Said::Binary(_) => Err(Refusal::NotJson),
            Said::Alive => Ok(Heard::Done),
            Said::Closed => return Err(End::Goodbye),
            Said::Over(Some(code)) => return Err(End::Told(code, "")),
            Said::Over(None) => return Err(End::Gone),
        };
        match heard {
            Ok(Heard::Done) => Ok(()),
            Ok(Heard::Posting(posting)) => {
                self.posting.push_back(posting.settled().boxed());
                Ok(())
            }
            Ok(Heard::PostTooFast) => self.count(Violation::Frame),
            Ok(Heard::ReadTooFast) => self.count(Violation::Read),
            Err(refusal) => {
                self.outgoing.frames.push(Frame::from(&ServerFrame::Error { refusal }));
                self.count(Violation::Frame)
            }
        }
    }

    /// Counts a frame that was refused, and ends the connection when there were too many.
    fn count(&mut self, violation: Violation) -> Result<(), End> {
        if self.violations.add(violation) {
            return Err(End::Told(CloseCode::Policy, "too many frames that had to be refused"));
        }
        Ok(())
    }

    /// Pings a silent client, and ends the connection of one that doesn't answer. Returns when to check again.
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
            Closing::ShuttingDown => (CloseCode::Restart, "restart"),
        };
        self.finish_posts().await;
        self.outgoing.frames.push(bye(closing));
        match self.flush().await {
            Ok(()) => End::Told(code, reason),
            Err(end) => end,
        }
    }

    /// Waits for the commits of the posts that were accepted, so that each is answered before the client is sent away.
    async fn finish_posts(&mut self) {
        while let Some(answer) = self.posting.next().await {
            self.outgoing.frames.push(Frame::from(&answer));
        }
    }
}
