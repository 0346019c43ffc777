//! What is done with what a client says. Transports read bytes into frames, call this, and write the answers; the
//! rules are chat's.

use std::collections::VecDeque;
use std::sync::Arc;

use hubbub_protocol::limits::MAX_ROOMS_PER_CONNECTION;
use hubbub_protocol::{ClientFrame, Cursor, Interest, MessageId, Refusal, RoomId, Seq, ServerFrame, codec};
use tokio::time::{Duration, Instant};

use crate::chat::{Chat, Membership, PendingAck, Visitor};
use crate::hub::{Feed, Frame};
use crate::transport::welcome::welcome;

/// How often a connection looks whether its session lives, which keeps the session alive. Sessions that are ended are
/// heard of at once; those that nobody uses end by the day.
pub(super) const SEE_WELCOME_EVERY: Duration = Duration::from_secs(60 * 60);
/// Typing hints for a room that come faster are dropped, as hints may be. A client sends one every 3 s.
const BETWEEN_TYPING: Duration = Duration::from_secs(1);

/// One client's side of the chat, for as long as its connection lives.
pub(super) struct Conversation {
    chat: Arc<Chat>,
    visitor: Visitor,
    pub(super) feed: Feed,
    memberships: Vec<Membership>,
    is_greeted: bool,
    /// Rooms that `hello` named and that are still to be followed: one after the other, so that what one of them brings
    /// is written before the next is read.
    to_follow: VecDeque<Interest>,
    typing_told: Option<(RoomId, Instant)>,
}

/// What a client's frame came to.
pub(super) enum Heard {
    /// It was done, and answered if it has an answer.
    Done,
    /// A post was taken in, to be waited for beside what else goes on.
    Posting(Posting),
    /// A post was refused because there were too many, and the client was told.
    PostTooFast,
    /// A `join` or `history` was refused because there were too many, and the client was told.
    ReadTooFast,
}

/// A post whose commit is under way. The order of these is the order in which the client said them.
pub(super) struct Posting {
    room: RoomId,
    id: MessageId,
    pending: PendingAck,
}

impl Posting {
    /// The frame that tells how it ended.
    pub(super) async fn settled(self) -> ServerFrame {
        let (room, id) = (self.room, self.id);
        match self.pending.settled().await {
            Ok(ack) => ServerFrame::Ack { room, id, seq: ack.seq, at: ack.at },
            Err(refusal) => ServerFrame::Refused { room, id, refusal },
        }
    }
}

impl Conversation {
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

    /// Does what a text asks for, and adds what is to be answered at once to `answers`.
    ///
    /// # Errors
    /// What is wrong with the frame itself.
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

    /// Begins the conversation with the rooms that a `hello` named; anew, if it had begun.
    ///
    /// # Errors
    /// Only the store's; the conversation hasn't begun then.
    pub(super) async fn greet(&mut self, rooms: Vec<Interest>, answers: &mut Vec<Frame>) -> Result<(), Refusal> {
        let you = (**self.visitor.member()).clone();
        welcome(you, self.chat.rooms().await?, answers);
        self.is_greeted = true;
        self.will_follow(rooms, answers);
        Ok(())
    }

    /// Starts over in those rooms whose cursor is not where the feed stands: what was given out beyond it was lost. A
    /// room that is not followed yet has no such place.
    pub(super) fn go_on_from(&mut self, rooms: Vec<Interest>, answers: &mut Vec<Frame>) {
        let is_elsewhere = |asked: &Interest| asked.after.is_none() || self.feed.cursor(asked.room) != asked.after;
        let rooms = rooms.into_iter().filter(is_elsewhere).collect();
        self.will_follow(rooms, answers);
    }

    /// Thousands of rooms fit into a frame, the same one again and again, and each is answered with a page.
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

    /// Follows the next room that `hello` named.
    pub(super) async fn follow_next(&mut self, answers: &mut Vec<Frame>) {
        if let Some(interest) = self.to_follow.pop_front() {
            self.join(interest, answers).await;
        }
        if self.to_follow.is_empty() {
            self.to_follow = VecDeque::new();
        }
    }

    /// Whether the client's session still lives. A store that can't say counts as a yes.
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

    /// The proof at hand for a room that is followed, else a lookup.
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
