//! Reads each frame of one client, and handles operations, queries and typing. `rooms` follows the rooms.

use std::collections::VecDeque;
use std::sync::Arc;

use hubbub_protocol::{
    Answer, ClientFrame, Interest, OpId, Operation, Query, Refusal, RoomId, ServerFrame, StreamId, codec,
};
use tokio::time::{Duration, Instant};

use super::handled::{Handled, PendingOperation, answer, refuse};
use crate::chat::{Chat, Membership, PendingAck, Visitor};
use crate::hub::{Feed, Frame};

/// How often a connection looks its session up, which also extends the session. When a person signs out, the
/// session's connections close at once. So the lookup finds only expired sessions, whose lifetime is counted in days.
pub(in crate::transport) const SESSION_CHECK_INTERVAL: Duration = Duration::from_secs(60 * 60);
/// The shortest time between two typing hints for one room; an earlier hint is dropped. A client sends one every 3 s.
const MIN_TYPING_INTERVAL: Duration = Duration::from_secs(1);

/// Handles the frames of one client. It holds the client's visitor, its feed and its rooms, and outlives a request of a
/// polling tab.
pub(in crate::transport) struct FrameHandler {
    pub(super) chat: Arc<Chat>,
    pub(super) visitor: Visitor,
    pub(in crate::transport) feed: Feed,
    /// The memberships in the rooms that are followed.
    pub(super) memberships: Vec<Membership>,
    has_received_hello: bool,
    /// Rooms that `hello` named and that are not followed yet. The transport follows one at a time, so that it can send
    /// the frames of one room before it reads the next.
    pub(super) queued_rooms: VecDeque<Interest>,
    /// The room and the time of the last typing hint that was passed on.
    last_typing: Option<(RoomId, Instant)>,
}

impl FrameHandler {
    /// Creates a handler that expects `hello` as the first frame.
    pub(in crate::transport) fn new(chat: Arc<Chat>, visitor: Visitor, feed: Feed) -> Self {
        Self {
            chat,
            visitor,
            feed,
            memberships: Vec::new(),
            has_received_hello: false,
            queued_rooms: VecDeque::new(),
            last_typing: None,
        }
    }

    /// Handles one frame, and adds the frames that respond at once to `responses`.
    ///
    /// # Errors
    /// The text is no known frame, or the frame is out of place; and the store's, for `hello`.
    pub(in crate::transport) async fn handle(
        &mut self,
        text: &str,
        responses: &mut Vec<Frame>,
    ) -> Result<Handled, Refusal> {
        match codec::decode_client(text)? {
            ClientFrame::Hello { .. } if self.has_received_hello => return Err(Refusal::HelloTwice),
            ClientFrame::Hello { rooms } => self.welcome(rooms, responses).await?,
            ClientFrame::Unknown => return Err(Refusal::UnknownType),
            _ if !self.has_received_hello => return Err(Refusal::HelloExpected),
            ClientFrame::Join(interest) => return Ok(self.join(interest, responses).await),
            ClientFrame::Leave { room } => self.leave(room),
            ClientFrame::Operation { on, op, what } => return Ok(self.operate(on, op, what, responses).await),
            ClientFrame::Query { room, query } => return Ok(self.query(room, query, responses).await),
            ClientFrame::Typing { room } => self.typing(room).await,
            ClientFrame::Ping => responses.push(Frame::from(&ServerFrame::Pong)),
        }
        Ok(Handled::Done)
    }

    /// Counts a request of a tab that polls.
    ///
    /// # Errors
    /// [`Refusal::RateLimited`].
    pub(in crate::transport) fn count_poll(&self) -> Result<(), Refusal> {
        self.chat.count_poll(&self.visitor)
    }

    /// Handles a `hello`: adds `welcome` to `responses`, and queues the rooms. A first poll that is repeated calls this
    /// again.
    ///
    /// # Errors
    /// Only the store's. The call has no effect then.
    pub(in crate::transport) async fn welcome(
        &mut self,
        rooms: Vec<Interest>,
        responses: &mut Vec<Frame>,
    ) -> Result<(), Refusal> {
        let listed = self.chat.rooms().await?;
        responses.extend(listed.welcome.frames_for(self.visitor.member()).map(Frame::from));
        self.has_received_hello = true;
        self.queue_rooms(rooms, responses);
        Ok(())
    }

    /// Whether the client's session is still valid. True if the store fails, so that its failure signs nobody out.
    pub(in crate::transport) async fn is_session_valid(&self) -> bool {
        self.chat.is_session_valid(&self.visitor).await.unwrap_or(true)
    }

    async fn operate(&self, on: StreamId, op: OpId, what: Operation, responses: &mut Vec<Frame>) -> Handled {
        match self.try_operate(on, op, what).await {
            Ok(ack) => Handled::OperationPending(PendingOperation { on, op, ack }),
            Err(refusal) => refuse(on, op, refusal, responses),
        }
    }

    async fn try_operate(&self, on: StreamId, op: OpId, what: Operation) -> Result<PendingAck, Refusal> {
        let room = match on {
            StreamId::Room(room) => room,
            StreamId::Unknown => return Err(Refusal::UnknownType),
        };
        let membership = self.membership(room).await?;
        self.chat.operate(&membership, op, what)
    }

    async fn query(&self, room: RoomId, query: Query, responses: &mut Vec<Frame>) -> Handled {
        let found = match self.membership(room).await {
            Ok(membership) => self.chat.answer(&membership, query.clone()).await,
            Err(refusal) => Answer::Refused(refusal),
        };
        answer(room, query, found, responses)
    }

    async fn typing(&mut self, room: RoomId) {
        let is_too_early = |(last_room, at): (RoomId, Instant)| last_room == room && at.elapsed() < MIN_TYPING_INTERVAL;
        if self.last_typing.is_some_and(is_too_early) {
            return;
        }
        if let Ok(membership) = self.membership(room).await {
            self.last_typing = Some((room, Instant::now()));
            self.chat.typing(&membership).await;
        }
    }

    /// Returns the membership in a room: the stored one if the room is followed, else by a lookup.
    async fn membership(&self, room: RoomId) -> Result<Membership, Refusal> {
        match self.known_membership(room) {
            Some(membership) => Ok(membership),
            None => self.chat.membership(&self.visitor, room).await,
        }
    }

    pub(super) fn known_membership(&self, room: RoomId) -> Option<Membership> {
        self.memberships.iter().find(|membership| membership.room() == room).cloned()
    }
}
