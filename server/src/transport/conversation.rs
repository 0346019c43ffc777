//! Handles the frames of one client: calls the chat, and collects the frames that answer. The WebSocket and polling
//! transports call it; it knows neither sockets nor HTTP. The rules are the chat's.

use std::collections::VecDeque;
use std::sync::Arc;

use hubbub_protocol::limits::MAX_ROOMS_PER_CONNECTION;
use hubbub_protocol::{ClientFrame, Cursor, Interest, MessageId, Refusal, RoomId, Seq, ServerFrame, codec};
use tokio::time::{Duration, Instant};

use crate::chat::{Chat, Membership, PendingAck, Visitor};
use crate::hub::{Feed, Frame};
use crate::transport::welcome::welcome;

/// How often a connection looks its session up, which also extends the session. When a person signs out, the
/// session's connections close at once. So the lookup finds only expired sessions, whose lifetime is counted in days.
pub(super) const SEE_WELCOME_EVERY: Duration = Duration::from_secs(60 * 60);
/// The shortest time between two typing hints for one room; a faster one is dropped. A client sends one every 3 s.
const BETWEEN_TYPING: Duration = Duration::from_secs(1);

/// The state of one client's connection above its transport: the visitor, the feed and the rooms.
pub(super) struct Conversation {
    chat: Arc<Chat>,
    visitor: Visitor,
    pub(super) feed: Feed,
    memberships: Vec<Membership>,
    is_greeted: bool,
    /// Rooms that `hello` named and that are still to be followed. The transport follows one at a time, so that it can
    /// send the frames of one room before it reads the next.
    to_follow: VecDeque<Interest>,
    /// The room and the time of the last typing hint that was passed on.
    typing_told: Option<(RoomId, Instant)>,
}

/// The result of handling one frame of the client.
pub(super) enum Heard {
    /// The frame was handled. Its answers, if any, were added.
    Done,
    /// A post was accepted. The transport waits for its commit while it handles other frames.
    Posting(Posting),
    /// A post was refused because of its rate. The refusal was added to the answers.
    PostTooFast,
    /// A `join` or `history` was refused because of its rate. The refusal was added to the answers.
    ReadTooFast,
}

/// A post that was accepted and waits for its commit.
pub(super) struct Posting {
    room: RoomId,
    id: MessageId,
    pending: PendingAck,
}

impl Posting {
    /// Waits for the commit. Returns the `ack` of the post, or its refusal.
    pub(super) async fn settled(self) -> ServerFrame {
        let (room, id) = (self.room, self.id);
        match self.pending.settled().await {
            Ok(ack) => ServerFrame::Ack { room, id, seq: ack.seq, at: ack.at },
            Err(refusal) => ServerFrame::Refused { room, id, refusal },
        }
    }
}

impl Conversation {
    /// Creates a conversation that expects `hello`.
    pub(super) fn new(chat: Arc<Chat>, visitor: Visitor, feed: Feed) -> Self {
        Self {
            chat,
            visitor,
            feed,
            memberships: Vec::new(),
            is_greeted: false,
            to_follow: VecDeque::new(),
            typing_told: None,
        }
    }

    /// Handles one frame, and adds the frames that answer it at once to `answers`.
    ///
    /// # Errors
    /// The text is no known frame, or the frame is out of place; and the store's, for `hello`.
    pub(super) async fn hear(&mut self, text: &str, answers: &mut Vec<Frame>) -> Result<Heard, Refusal> {
        match codec::decode_client(text)? {
            ClientFrame::Hello { .. } if self.is_greeted => return Err(Refusal::HelloTwice),
            ClientFrame::Hello { rooms } => self.greet(rooms, answers).await?,
            ClientFrame::Unknown => return Err(Refusal::UnknownType),
            _ if !self.is_greeted => return Err(Refusal::HelloExpected),
            ClientFrame::Join(interest) => return Ok(self.join(interest, answers).await),
            ClientFrame::Leave { room } => {
                self.memberships.retain(|membership| membership.room() != room);
                self.feed.unfollow(room);
            }
            ClientFrame::Post { room, id, body } => return Ok(self.post(room, id, &body, answers).await),
            ClientFrame::History { room, before } => return Ok(self.history(room, before, answers).await),
            ClientFrame::Typing { room } => self.typing(room).await,
            ClientFrame::Ping => answers.push(Frame::from(&ServerFrame::Pong)),
        }
        Ok(Heard::Done)
    }

    /// Counts a request of a tab that polls.
    ///
    /// # Errors
    /// [`Refusal::RateLimited`].
    pub(super) fn count_poll(&self) -> Result<(), Refusal> {
        self.chat.count_poll(&self.visitor)
    }

    /// Begins the conversation: adds `welcome` to `answers`, and queues the rooms of a `hello`. May be called again.
    ///
    /// # Errors
    /// Only the store's. The call has no effect then.
    pub(super) async fn greet(&mut self, rooms: Vec<Interest>, answers: &mut Vec<Frame>) -> Result<(), Refusal> {
        let you = (**self.visitor.member()).clone();
        welcome(you, self.chat.rooms().await?, answers);
        self.is_greeted = true;
        self.will_follow(rooms, answers);
        Ok(())
    }

    /// Queues each room whose cursor differs from the feed's: the client did not receive the events that the feed gave
    /// out after that cursor. Also queues each room that is not followed yet, or that has no cursor.
    pub(super) fn go_on_from(&mut self, rooms: Vec<Interest>, answers: &mut Vec<Frame>) {
        let is_elsewhere = |asked: &Interest| asked.after.is_none() || self.feed.cursor(asked.room) != asked.after;
        let rooms = rooms.into_iter().filter(is_elsewhere).collect();
        self.will_follow(rooms, answers);
    }

    /// Queues the first [`MAX_ROOMS_PER_CONNECTION`] of the rooms, and denies the others. One frame can name thousands
    /// of rooms, also the same room many times, and each would be answered with a page.
    fn will_follow(&mut self, mut rooms: Vec<Interest>, answers: &mut Vec<Frame>) {
        let beyond = rooms.drain(MAX_ROOMS_PER_CONNECTION.min(rooms.len())..);
        let denied = |room| Frame::from(&ServerFrame::Denied { room, refusal: Refusal::TooManyRooms });
        answers.extend(beyond.map(|interest| denied(interest.room)));
        self.to_follow.retain(|waiting| rooms.iter().all(|asked| asked.room != waiting.room));
        self.to_follow.extend(rooms);
    }

    /// Whether `hello` named rooms that are still to be followed.
    pub(super) fn has_rooms_to_follow(&self) -> bool {
        !self.to_follow.is_empty()
    }

    /// Follows the next room that `hello` named, and adds its frames to `answers`.
    pub(super) async fn follow_next(&mut self, answers: &mut Vec<Frame>) {
        if let Some(interest) = self.to_follow.pop_front() {
            self.join(interest, answers).await;
        }
        if self.to_follow.is_empty() {
            self.to_follow = VecDeque::new();
        }
    }

    /// Whether the client's session still lives. True if the store fails, so that its failure signs nobody out.
    pub(super) async fn is_welcome(&self) -> bool {
        self.chat.is_here(&self.visitor).await.unwrap_or(true)
    }

    async fn join(&mut self, Interest { room, after }: Interest, answers: &mut Vec<Frame>) -> Heard {
        match self.try_join(room, after, answers).await {
            Ok(()) => Heard::Done,
            Err(refusal) => deny(room, refusal, answers),
        }
    }

    async fn try_join(&mut self, room: RoomId, after: Option<Cursor>, answers: &mut Vec<Frame>) -> Result<(), Refusal> {
        let membership = match self.membership_at_hand(room) {
            Some(membership) => {
                self.chat.count_read(&self.visitor)?;
                membership
            }
            None => self.chat.membership(&self.visitor, room).await?,
        };
        self.memberships.retain(|membership| membership.room() != room);
        self.feed.unfollow(room);
        if self.feed.n_rooms() >= MAX_ROOMS_PER_CONNECTION {
            return Err(Refusal::TooManyRooms);
        }
        self.feed.follow(&membership, after, answers).await.map_err(|error| {
            tracing::error!(%error, "a room could not be followed");
            Refusal::Internal
        })?;
        self.memberships.reserve_exact(1);
        self.memberships.push(membership);
        Ok(())
    }

    async fn post(&self, room: RoomId, id: MessageId, body: &str, answers: &mut Vec<Frame>) -> Heard {
        let posted = match self.membership(room).await {
            Ok(membership) => self.chat.post(&membership, id, body),
            Err(refusal) => Err(refusal),
        };
        match posted {
            Ok(pending) => Heard::Posting(Posting { room, id, pending }),
            Err(refusal) => {
                let is_too_fast = is_too_fast(&refusal);
                answers.push(Frame::from(&ServerFrame::Refused { room, id, refusal }));
                if is_too_fast { Heard::PostTooFast } else { Heard::Done }
            }
        }
    }

    async fn history(&self, room: RoomId, before: Seq, answers: &mut Vec<Frame>) -> Heard {
        let page = match self.membership(room).await {
            Ok(membership) => self.chat.history(&membership, before).await,
            Err(refusal) => Err(refusal),
        };
        match page {
            Ok(events) => {
                let events = codec::newest_that_fit(&events).to_vec();
                answers.push(Frame::from(&ServerFrame::History { room, before, events }));
                Heard::Done
            }
            Err(refusal) => deny(room, refusal, answers),
        }
    }

    async fn typing(&mut self, room: RoomId) {
        if self.typing_told.is_some_and(|(told, at)| told == room && at.elapsed() < BETWEEN_TYPING) {
            return;
        }
        if let Ok(membership) = self.membership(room).await {
            self.typing_told = Some((room, Instant::now()));
            self.chat.typing(&membership).await;
        }
    }

    /// Returns the membership in a room: the stored one if the room is followed, else by a lookup.
    async fn membership(&self, room: RoomId) -> Result<Membership, Refusal> {
        match self.membership_at_hand(room) {
            Some(membership) => Ok(membership),
            None => self.chat.membership(&self.visitor, room).await,
        }
    }

    fn membership_at_hand(&self, room: RoomId) -> Option<Membership> {
        self.memberships.iter().find(|membership| membership.room() == room).cloned()
    }
}

fn deny(room: RoomId, refusal: Refusal, answers: &mut Vec<Frame>) -> Heard {
    let heard = if is_too_fast(&refusal) { Heard::ReadTooFast } else { Heard::Done };
    answers.push(Frame::from(&ServerFrame::Denied { room, refusal }));
    heard
}

fn is_too_fast(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::RateLimited { .. })
}
