//! The state of the engine, for views to read. Nothing here changes the state.

use hubbub_protocol::{ClientFrame, Cursor, Member, Refusal, RoomId, RoomInfo, UnixMillis};

use crate::connection::ConnectionState;
use crate::engine::Engine;
use crate::hints::Presence;
use crate::room::Room;
use crate::timeline::Timeline;

impl Engine {
    /// Returns the member whose engine it is.
    #[must_use]
    pub fn you(&self) -> &Member {
        &self.you
    }

    /// Returns the state of the connection.
    #[must_use]
    pub fn connection(&self) -> ConnectionState {
        self.connection.state()
    }

    /// Returns the list of rooms, oldest first.
    #[must_use]
    pub fn rooms(&self) -> &[RoomInfo] {
        &self.list
    }

    /// Returns a room's messages, or None for a room that was never followed, sent to or seeded.
    #[must_use]
    pub fn timeline(&self, room: RoomId) -> Option<&Timeline> {
        self.rooms.get(room).map(|room| &room.timeline)
    }

    /// Returns who is in a room, or None before the server has sent it.
    #[must_use]
    pub fn present(&self, room: RoomId) -> Option<&Presence> {
        self.rooms.get(room)?.presence.as_ref()
    }

    /// Returns the other members who are typing in a room, in the order in which they began.
    #[must_use]
    pub fn typing_in(&self, room: RoomId, now: UnixMillis) -> Vec<Member> {
        self.rooms.get(room).map(|room| room.typing.members(now)).unwrap_or_default()
    }

    /// Returns the place up to which a room's stream has been applied, or None before its first page.
    #[must_use]
    pub fn cursor(&self, room: RoomId) -> Option<Cursor> {
        self.rooms.get(room)?.timeline.cursor()
    }

    /// Returns why the server refused to let the member follow a room, or None.
    #[must_use]
    pub fn denied(&self, room: RoomId) -> Option<&Refusal> {
        self.rooms.get(room)?.denied.as_ref()
    }

    /// Returns a `hello` with the current cursors. Polling sends it with each request.
    #[must_use]
    pub fn hello(&self) -> ClientFrame {
        Room::greeting(self.rooms.iter())
    }
}
