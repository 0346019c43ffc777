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

use super::end::ConnectionEnd;
use super::socket::{Socket, SocketEvent};
use super::violations::{Violation, ViolationCounter};
use crate::chat::{Chat, Visitor};
use crate::hub::{Closing, Feed, Frame, FrameWriter, Unwritten};
use crate::transport::bye::bye;
use crate::transport::frame_handler::{FrameHandler, Handled, SESSION_CHECK_INTERVAL};

/// The most posts of one connection that wait for their commits. At this number the server doesn't read from the
/// connection, and TCP slows the client down.
const MAX_PENDING_OPERATIONS: usize = 64;
/// Capacity that an idle connection keeps in its list of frames.
const IDLE_CAPACITY: usize = 4;

/// One WebSocket connection, from its handshake to its end.
pub(super) struct Connection {
    socket: Socket,
    handler: FrameHandler,
    /// Posts that wait for their commits, oldest first.
    pending_operations: FuturesOrdered<futures_util::future::BoxFuture<'static, Frame>>,
    /// Writes frames without the library. None while the hub has the writer.
    writer: Option<Arc<dyn FrameWriter>>,
    /// Frames to be written next, before those of the feed.
    outgoing: Unwritten,
    /// When the socket last received a message, a ping or a pong.
    received_at: Instant,
    /// When the session was last looked up.
    session_checked_at: Instant,
    violations: ViolationCounter,
}

/// The reason why a wait ended.
enum WakeReason {
    /// The feed may have frames, or the connection must end.
    FeedNotified,
    /// A post was committed or refused. The frame is the response to the post.
    OperationDone(Frame),
    /// The socket received a message, a ping, a pong or a close frame, or its stream ended.
    Received(SocketEvent),
    /// The next check of the client is due.
    CheckDue,
}

impl Connection {
    /// Boxed, because the future of an async function can hold several copies of an argument.
    pub(super) fn new(socket: Socket, chat: Arc<Chat>, visitor: Visitor, feed: Feed) -> Box<Self> {
        let now = Instant::now();
        Box::new(Self {
            writer: Some(socket.writer()),
            socket,
            handler: FrameHandler::new(chat, visitor, feed),
            pending_operations: FuturesOrdered::new(),
            outgoing: Unwritten::default(),
            received_at: now,
            session_checked_at: now,
            violations: ViolationCounter::new(now),
        })
    }

    /// Serves the client until the connection ends.
    pub(super) async fn run(mut self: Box<Self>) {
        let Err(end) = self.serve().await;
        Box::pin(self.end(end)).await;
    }

    async fn end(mut self: Box<Self>, end: ConnectionEnd) {
        // This comes first, so that the client's presence ends in each room at once. The connection counts towards the
        // caps until the socket is closed.
        self.handler.feed.unfollow_all();
        if matches!(end, ConnectionEnd::ClosedByServer(..)) {
            self.finish_operations().await;
            if self.flush().await.is_err() {
                return;
            }
        }
        end.close(self.socket).await;
    }

    /// Serves the client. Returns only when the connection must end.
    async fn serve(&mut self) -> Result<Infallible, ConnectionEnd> {
        let check = sleep_until(self.received_at + PING_AFTER);
        tokio::pin!(check);
        loop {
            self.flush().await?;
            if self.handler.has_queued_rooms() {
                Box::pin(self.handler.follow_queued_room(&mut self.outgoing.frames)).await;
                continue;
            }
            match self.wait(check.as_mut()).await? {
                WakeReason::FeedNotified => self.take_frames().await?,
                WakeReason::OperationDone(response) => {
                    self.add_operation_responses(response);
                    // The changes of the same commit are written by the same system call.
                    self.take_frames().await?;
                }
                WakeReason::Received(event) => {
                    self.received_at = Instant::now();
                    Box::pin(self.handle(event)).await?;
                }
                WakeReason::CheckDue => check.as_mut().reset(Box::pin(self.check()).await?),
            }
        }
    }

    /// Waits until the task has work to do. Meanwhile the hub writes the frames of the rooms to the connection.
    async fn wait(&mut self, check: Pin<&mut Sleep>) -> Result<WakeReason, ConnectionEnd> {
        self.socket.flush_library().await.map_err(|_| ConnectionEnd::Broken)?;
        if let Some(writer) = self.writer.take() {
            self.handler.feed.lend(writer);
        }
        let is_full = self.pending_operations.len() >= MAX_PENDING_OPERATIONS;
        let reason = tokio::select! {
            biased;
            () = self.handler.feed.notified() => WakeReason::FeedNotified,
            Some(response) = self.pending_operations.next(), if !self.pending_operations.is_empty() => WakeReason::OperationDone(response),
            event = self.socket.next(), if !is_full => WakeReason::Received(event),
            () = check => WakeReason::CheckDue,
        };
        self.writer = self.handler.feed.reclaim();
        if let Some(writer) = &self.writer {
            self.outgoing = writer.take_unwritten();
        }
        // A frame that was written in part must be completed before any other frame.
        self.flush().await?;
        Ok(reason)
    }

    /// Adds the frames of the feed to the frames that are written next.
    async fn take_frames(&mut self) -> Result<(), ConnectionEnd> {
        if let Some(closing) = self.handler.feed.closing() {
            return Err(Box::pin(self.add_bye(closing)).await);
        }
        self.handler.feed.take(&mut self.outgoing.frames).await.map_err(|error| {
            tracing::error!(%error, "the events that a connection missed could not be read");
            ConnectionEnd::ClosedByServer(CloseCode::Again, "resume")
        })
    }

    async fn flush(&mut self) -> Result<(), ConnectionEnd> {
        if self.outgoing.frames.is_empty() {
            return Ok(());
        }
        tokio::select! {
            biased;
            sent = self.socket.send(&mut self.outgoing) => sent.map_err(|_| ConnectionEnd::Broken)?,
            // No frame can follow one that was written in part. The client learns the reason when it reconnects.
            () = self.handler.feed.closed() => return Err(ConnectionEnd::Broken),
        }
        if self.outgoing.frames.capacity() > IDLE_CAPACITY {
            self.outgoing.frames.shrink_to(IDLE_CAPACITY);
        }
        Ok(())
    }

    /// Adds the first response to a post and every other one that is ready, so that all of them are written at once.
    fn add_operation_responses(&mut self, first: Frame) {
        self.outgoing.frames.push(first);
        while let Some(Some(response)) = self.pending_operations.next().now_or_never() {
            self.outgoing.frames.push(response);
        }
    }

    async fn handle(&mut self, event: SocketEvent) -> Result<(), ConnectionEnd> {
        let handled = match event {
            SocketEvent::Text(text) => self.handler.handle(&text, &mut self.outgoing.frames).await,
            SocketEvent::Binary(_) => Err(Refusal::NotJson),
            SocketEvent::PingOrPong => Ok(Handled::Done),
            SocketEvent::Close => return Err(ConnectionEnd::ClosedByClient),
            SocketEvent::End(Some(code)) => return Err(ConnectionEnd::ClosedByServer(code, "")),
            SocketEvent::End(None) => return Err(ConnectionEnd::Broken),
        };
        match handled {
            Ok(Handled::Done) => Ok(()),
            Ok(Handled::OperationPending(operation)) => {
                self.pending_operations.push_back(operation.response().boxed());
                Ok(())
            }
            Ok(Handled::OperationRateLimited) => self.count(Violation::Frame),
            Ok(Handled::ReadRateLimited) => self.count(Violation::Read),
            Err(refusal) => {
                self.outgoing.frames.push(Frame::from(&ServerFrame::Error { refusal }));
                self.count(Violation::Frame)
            }
        }
    }

    /// Counts a refused frame, and ends the connection if too many frames were refused.
    fn count(&mut self, violation: Violation) -> Result<(), ConnectionEnd> {
        if self.violations.add(violation) {
            return Err(ConnectionEnd::ClosedByServer(CloseCode::Policy, "too many refused frames"));
        }
        Ok(())
    }

    /// Pings a silent client, and ends the connection if the client doesn't respond. Returns the time of the next check.
    async fn check(&mut self) -> Result<Instant, ConnectionEnd> {
        if self.session_checked_at.elapsed() >= SESSION_CHECK_INTERVAL {
            self.session_checked_at = Instant::now();
            if !self.handler.is_session_valid().await {
                return Err(self.add_bye(Closing::SignedOut).await);
            }
        }
        let silence = self.received_at.elapsed();
        if silence >= DEAD_AFTER {
            return Err(ConnectionEnd::Broken);
        }
        if silence < PING_AFTER {
            return Ok(self.received_at + PING_AFTER);
        }
        self.socket.ping().await.map_err(|_| ConnectionEnd::Broken)?;
        Ok(Instant::now() + PING_AFTER.min(DEAD_AFTER - silence))
    }

    /// Adds `bye` after the responses to all accepted posts, and writes them. Returns how the connection ends then.
    async fn add_bye(&mut self, closing: Closing) -> ConnectionEnd {
        let (code, reason) = match closing {
            Closing::SignedOut => (CloseCode::Policy, "signed out"),
            Closing::ShuttingDown => (CloseCode::Restart, "restart"),
        };
        self.finish_operations().await;
        self.outgoing.frames.push(bye(closing));
        match self.flush().await {
            Ok(()) => ConnectionEnd::ClosedByServer(code, reason),
            Err(end) => end,
        }
    }

    /// Waits for the commits of all accepted posts and adds their responses, so that the client gets them before the
    /// connection ends.
    async fn finish_operations(&mut self) {
        while let Some(response) = self.pending_operations.next().await {
            self.outgoing.frames.push(response);
        }
    }
}
