//! Rule: every visitor may create public rooms, each counted as a post, and sees every room.

use std::sync::Arc;

use hubbub_protocol::text::{RoomName, Topic};
use hubbub_protocol::{Message, Refusal, RoomInfo};

use super::{Chat, ListedRooms, Visitor, now, refusal_of};
use crate::bus::Notice;
use crate::store::{CreateRoomError, NewRoom};

impl Chat {
    /// Creates a room and announces it to every connection. It counts as a post, because it is
    /// sent to every connection: now, and in each later `welcome`.
    ///
    /// # Errors
    /// [`Refusal::RoomNameTaken`] if a room has the name, in any case of its letters, [`Refusal::RateLimited`], and the
    /// store's.
    pub async fn create_room(&self, visitor: &Visitor, name: RoomName, topic: Topic) -> Result<RoomInfo, Refusal> {
        let by = visitor.member().id;
        self.limiters.take_post(visitor.actor())?;
        let room = NewRoom { name, topic, by, at: now() };
        let room = self.store.create_room(room).await.map_err(|error| match error {
            CreateRoomError::NameTaken => Refusal::RoomNameTaken,
            CreateRoomError::Store(error) => refusal_of(&error),
        })?;
        self.room_list.changed();
        self.bus.publish(Notice::RoomChanged(room.clone())).await;
        Ok(room)
    }

    /// Returns every room.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn rooms(&self) -> Result<Arc<ListedRooms>, Refusal> {
        self.room_list.all(&*self.store).await.map_err(|error| refusal_of(&error))
    }

    /// Returns every room with its last text, oldest room first.
    ///
    /// # Errors
    /// Only the store's.
    pub async fn rooms_with_last_message(&self) -> Result<Vec<(RoomInfo, Option<Message>)>, Refusal> {
        self.store.rooms_with_last_message().await.map_err(|error| refusal_of(&error))
    }
}
