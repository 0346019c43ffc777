//! The engine: takes what a person does and what the transport reports, and gives actions and updates. The browser app and
//! the benchmark hold one. It passes each call to the module that handles it. `acts` has the calls for what a
//! person does in a room.

use hubbub_protocol::{Cursor, Epoch, Member, Page, PageReason, RoomId, RoomInfo, RoomState, UnixMillis};

use crate::connection::{ConnectionTracker, NetworkState};
use crate::effects::{Action, Effects, Update};
use crate::moment::Moment;
use crate::outbox::outgoing::Unsent;
use crate::room::Room;
use crate::rooms::Rooms;

/// One member's view of the chat, kept in step with the server.
///
/// After every call, the caller does the actions of [`Engine::take_actions`], updates what [`Engine::take_updates`] names,
/// and calls [`Engine::tick`] at [`Engine::deadline`].
#[derive(Debug)]
pub struct Engine {
    pub(crate) you: Member,
    pub(crate) connection: ConnectionTracker,
    pub(crate) rooms: Rooms,
    pub(crate) list: Vec<RoomInfo>,
    pub(crate) out: Effects,
}

impl Engine {
    /// Returns an engine for a member, without a connection and without rooms.
    #[must_use]
    pub fn new(you: Member) -> Self {
        Self {
            you,
            connection: ConnectionTracker::new(),
            rooms: Rooms::default(),
            list: Vec::new(),
            out: Effects::default(),
        }
    }

    /// Follows a room from the page that the server rendered.
    pub fn seed(&mut self, room: RoomId, epoch: Epoch, state: RoomState, page: Page) {
        let (room, out) = self.room(room);
        room.followed = true;
        room.is_opened = true;
        room.timeline.page(PageReason::First, epoch, state, page, out);
    }

    /// Follows a room from a place in its stream, without the messages before it. [`Engine::follow`] asks for the room's
    /// newest page, when a view is to show the room.
    pub fn seed_cursor(&mut self, room: RoomId, cursor: Cursor) {
        let (room, _) = self.room(room);
        room.followed = true;
        room.timeline.start_after(cursor);
    }

    /// Takes over the unsent operations of an earlier page load, oldest first. They are sent even if the room is not
    /// followed.
    pub fn restore(&mut self, room: RoomId, unsent: Vec<Unsent>) {
        let (room, out) = self.room(room);
        room.timeline.restore(unsent, out);
        let id = room.id;
        self.catch_up(id, None);
    }

    /// Returns the operations to keep across a reload: those that are pending or refused, oldest first. They stay when the
    /// session ends.
    #[must_use]
    pub fn unsent(&self, room: RoomId) -> Vec<Unsent> {
        self.rooms.get(room).map(|room| room.timeline.outbox.unsent()).unwrap_or_default()
    }

    /// Asks for the first connection.
    pub fn start(&mut self, moment: Moment) {
        self.connection.start(moment.now, &mut self.out);
    }

    /// Follows a room that is to be shown, from its cursor if it has one: now if connected, else with the next `hello`. A
    /// room that was denied is asked for again.
    pub fn follow(&mut self, room: RoomId) {
        let (room, out) = self.room(room);
        room.followed = true;
        room.is_opened = true;
        if room.denied.take().is_some() {
            out.update(Update::Denied(room.id));
        }
        let id = room.id;
        self.catch_up(id, None);
    }

    /// Stops following a room. Its messages are kept, and its unsent operations are still sent.
    pub fn unfollow(&mut self, room: RoomId) {
        let (room, _) = self.room(room);
        room.followed = false;
        let id = room.id;
        self.catch_up(id, None);
    }

    /// Takes that the member is typing, and sends a hint if the last one is long enough ago.
    pub fn typing(&mut self, room: RoomId, now: UnixMillis) {
        if !self.connection.is_welcomed() {
            return;
        }
        if let Some(room) = self.rooms.get_mut(room) {
            room.tell_typing(now, &mut self.out);
        }
    }

    /// Reconnects now and not when the wait is over.
    pub fn reconnect_now(&mut self, moment: Moment) {
        self.connection.reconnect_now(moment.now, &mut self.out);
    }

    /// Takes the browser's hint. Without a network no attempt is made; when it is back, one is made at once.
    pub fn set_network(&mut self, network: NetworkState, moment: Moment) {
        self.connection.set_network(network, moment.now, &mut self.out);
        self.notice_loss();
    }

    /// Takes the report that the connection is open.
    pub fn opened(&mut self, moment: Moment) {
        if self.connection.opened(moment.now) {
            self.out.send(self.hello());
            Room::greeted(self.rooms.iter_mut(), moment.now);
        }
    }

    /// Takes the report that the connection was refused, lost or closed by the server.
    pub fn closed(&mut self, moment: Moment) {
        self.connection.closed(&moment, &mut self.out);
        self.notice_loss();
    }

    /// Does everything whose deadline has passed. A call that is early or late does no harm.
    pub fn tick(&mut self, moment: Moment) {
        self.connection.tick(&moment, &mut self.out);
        self.notice_loss();
        let is_welcomed = self.connection.is_welcomed();
        for room in self.rooms.iter_mut() {
            if is_welcomed {
                room.catch_up(Some(moment.now), &mut self.out);
            }
            if room.typing.expire(moment.now) {
                self.out.update(Update::Typing(room.id));
            }
        }
    }

    /// Returns when to call `tick`, or None.
    #[must_use]
    pub fn deadline(&self) -> Option<UnixMillis> {
        let is_welcomed = self.connection.is_welcomed();
        let asked = self.rooms.iter().filter(|_| is_welcomed).filter_map(Room::deadline);
        let typing = self.rooms.iter().filter_map(|room| room.typing.deadline());
        self.connection.deadline().into_iter().chain(asked).chain(typing).min()
    }

    /// Returns the actions to do, in this order.
    pub fn take_actions(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.out.actions)
    }

    /// Returns the updates since the last call, each once.
    pub fn take_updates(&mut self) -> Vec<Update> {
        std::mem::take(&mut self.out.updates)
    }

    /// Takes the list of rooms from the page that the server rendered.
    pub fn set_rooms(&mut self, rooms: Vec<RoomInfo>) {
        if self.list != rooms {
            self.list = rooms;
            self.out.update(Update::Rooms);
        }
    }

    /// Lets a room send the requests that are due, if the server accepts requests.
    pub(crate) fn catch_up(&mut self, room: RoomId, now: Option<UnixMillis>) {
        if !self.connection.is_welcomed() {
            return;
        }
        if let Some(room) = self.rooms.get_mut(room) {
            room.catch_up(now, &mut self.out);
        }
    }

    pub(crate) fn room(&mut self, id: RoomId) -> (&mut Room, &mut Effects) {
        let room = self.rooms.get_or_add(id, &self.you);
        (room, &mut self.out)
    }

    /// Takes the requests that were sent for lost, if there is no connection.
    pub(crate) fn notice_loss(&mut self) {
        if !self.connection.is_open() {
            self.rooms.iter_mut().for_each(Room::disconnected);
        }
    }
}
