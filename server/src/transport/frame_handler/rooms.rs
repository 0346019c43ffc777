//! Follows the rooms that a client names. The rooms of a `hello` or of a poll are queued and followed one at a time; the
//! room of a `join` is followed at once.

use hubbub_protocol::limits::MAX_ROOMS_PER_CONNECTION;
use hubbub_protocol::{Cursor, Interest, Refusal, RoomId, ServerFrame};

use super::handled::{Handled, deny};
use super::handler::FrameHandler;
use crate::hub::Frame;

impl FrameHandler {
    /// Queues each room whose cursor differs from the feed's: the client did not receive the changes that the feed gave
    /// out after that cursor. Also queues each room that is not followed yet, or that has no cursor.
    pub(in crate::transport) fn resume_from(&mut self, rooms: Vec<Interest>, responses: &mut Vec<Frame>) {
        let differs = |room: &Interest| room.after.is_none() || self.feed.cursor(room.room) != room.after;
        let rooms = rooms.into_iter().filter(differs).collect();
        self.queue_rooms(rooms, responses);
    }

    /// Queues the first [`MAX_ROOMS_PER_CONNECTION`] of the rooms, and denies the others. One frame can name thousands
    /// of rooms, also the same room many times, and the response to each would be a page.
    pub(super) fn queue_rooms(&mut self, mut rooms: Vec<Interest>, responses: &mut Vec<Frame>) {
        let too_many = rooms.drain(MAX_ROOMS_PER_CONNECTION.min(rooms.len())..);
        let denied = |room| Frame::from(&ServerFrame::Denied { room, refusal: Refusal::TooManyRooms });
        responses.extend(too_many.map(|interest| denied(interest.room)));
        self.queued_rooms.retain(|queued| rooms.iter().all(|named| named.room != queued.room));
        self.queued_rooms.extend(rooms);
    }

    /// Whether rooms are queued that are not followed yet.
    pub(in crate::transport) fn has_queued_rooms(&self) -> bool {
        !self.queued_rooms.is_empty()
    }

    /// Follows the next queued room, and adds its frames to `responses`.
    pub(in crate::transport) async fn follow_queued_room(&mut self, responses: &mut Vec<Frame>) {
        if let Some(interest) = self.queued_rooms.pop_front() {
            self.join(interest, responses).await;
        }
        if self.queued_rooms.is_empty() {
            // Releases the queue's memory: ten thousand connections may be idle.
            self.queued_rooms = std::collections::VecDeque::new();
        }
    }

    /// Follows a room, and adds its frames or the refusal to `responses`. Follows a followed room anew.
    pub(super) async fn join(&mut self, Interest { room, after }: Interest, responses: &mut Vec<Frame>) -> Handled {
        match self.try_join(room, after, responses).await {
            Ok(()) => Handled::Done,
            Err(refusal) => deny(room, refusal, responses),
        }
    }

    async fn try_join(
        &mut self,
        room: RoomId,
        after: Option<Cursor>,
        responses: &mut Vec<Frame>,
    ) -> Result<(), Refusal> {
        let membership = match self.known_membership(room) {
            Some(membership) => {
                self.chat.count_read(&self.visitor)?;
                membership
            }
            None => self.chat.membership(&self.visitor, room).await?,
        };
        self.leave(room);
        if self.feed.n_rooms() >= MAX_ROOMS_PER_CONNECTION {
            return Err(Refusal::TooManyRooms);
        }
        self.feed.follow(&membership, after, responses).await.map_err(|error| {
            tracing::error!(%error, "a room could not be followed");
            Refusal::Internal
        })?;
        self.memberships.reserve_exact(1);
        self.memberships.push(membership);
        Ok(())
    }

    /// Stops following a room.
    pub(super) fn leave(&mut self, room: RoomId) {
        self.memberships.retain(|membership| membership.room() != room);
        self.feed.unfollow(room);
    }
}
