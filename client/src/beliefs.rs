//! What the engine believes, for views to read. Nothing here changes anything.

use hubbub_protocol::{ClientFrame, Cursor, Member, Refusal, RoomId, RoomInfo, UnixMillis};

use crate::connection::Connection;
use crate::engine::Engine;
use crate::hints::Presence;
use crate::room::Room;
use crate::timeline::Timeline;

impl Engine {
    /// Whose engine it is.
    #[must_use]
    pub fn you(&self) -> &Member {
        &self.you
    }

    /// How the connection is.
    #[must_use]
    pub fn connection(&self) -> Connection {
        self.link.shown()
    }

    /// The rooms there are, oldest first.
    #[must_use]
    pub fn rooms(&self) -> &[RoomInfo] {
        &self.list
    }

    /// A room's messages; none when it was never followed, sent to or seeded.
    #[must_use]
    pub fn timeline(&self, room: RoomId) -> Option<&Timeline> {
        self.rooms.get(room).map(|room| &room.timeline)
    }

    /// Who is in a room, as far as the server has said.
    #[must_use]
    pub fn present(&self, room: RoomId) -> Option<&Presence> {
        self.rooms.get(room)?.presence.as_ref()
    }

    /// The others that are typing in a room, in the order they began.
    #[must_use]
    pub fn typing_in(&self, room: RoomId, now: UnixMillis) -> Vec<Member> {
        self.rooms.get(room).map(|room| room.typing.at(now)).unwrap_or_default()
    }

    /// How far a room's log has been applied; none before its first page.
    #[must_use]
    pub fn cursor(&self, room: RoomId) -> Option<Cursor> {
        self.rooms.get(room)?.timeline.cursor()
    }

    /// Why a room can't be followed, if it can't.
    #[must_use]
    pub fn denied(&self, room: RoomId) -> Option<&Refusal> {
        self.rooms.get(room)?.denied.as_ref()
    }

    /// The `hello` of now, for a connection that asks again and again what comes after the cursors.
    #[must_use]
    pub fn hello(&self) -> ClientFrame {
        Room::greeting(self.rooms.iter())
    }
}
