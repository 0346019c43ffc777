//! The engine: takes what a person does and what the transport reports, and gives actions and changes. The browser app and
//! the benchmark hold one. It passes each call to the module that handles it.

use hubbub_protocol::text::Body;
use hubbub_protocol::{Epoch, Event, Member, MessageId, RoomId, RoomInfo, Seq, SnapshotReason, UnixMillis};

use crate::connection::{ConnectionTracker, NetworkState};
use crate::effects::{Action, Change, Effects};
use crate::moment::Moment;
use crate::outbox::Unsent;
use crate::room::Room;
use crate::rooms::Rooms;
use crate::timeline::Timeline;

/// One member's view of the chat, kept in step with the server.
///
/// After every call, the caller does the actions of [`Engine::take_actions`], updates what [`Engine::take_changes`] names,
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

    /// Follows a room from the page that the server rendered. `events` have no gap and end at `head`.
    pub fn seed(&mut self, room: RoomId, epoch: Epoch, head: Seq, events: Vec<Event>) {
        let (room, out) = self.room(room);
        room.followed = true;
        room.timeline.snapshot(SnapshotReason::First, epoch, head, events, out);
    }

    /// Takes over the unsent messages of an earlier page load, oldest first. They are sent even if the room is not
    /// followed.
    pub fn restore(&mut self, room: RoomId, unsent: Vec<Unsent>) {
        let (room, out) = self.room(room);
        let timeline = &room.timeline;
        let unsent: Vec<Unsent> = unsent.into_iter().filter(|message| !timeline.holds_own(message.id)).collect();
        room.timeline.outbox.restore(unsent.into_iter());
        out.change(Change::List(room.id));
        out.change(Change::Outbox(room.id));
        let id = room.id;
        self.catch_up(id, None);
    }

    /// Returns the messages to keep across a reload: those that are pending or refused, oldest first.
    #[must_use]
    pub fn unsent(&self, room: RoomId) -> Vec<Unsent> {
        self.rooms.get(room).map(|room| room.timeline.outbox.unsent()).unwrap_or_default()
    }

    /// Asks for the first connection.
    pub fn start(&mut self, moment: Moment) {
        self.connection.start(moment.now, &mut self.out);
    }

    /// Follows a room from its cursor, if it has one: now if connected, else with the next `hello`. A room that was denied
    /// is asked for again.
    pub fn follow(&mut self, room: RoomId) {
        let (room, out) = self.room(room);
        room.followed = true;
        if room.denied.take().is_some() {
            out.change(Change::Denied(room.id));
        }
        let id = room.id;
        self.catch_up(id, None);
    }

    /// Stops following a room. Its messages are kept, and its unsent messages are still sent.
    pub fn unfollow(&mut self, room: RoomId) {
        let (room, _) = self.room(room);
        room.followed = false;
        let id = room.id;
        self.catch_up(id, None);
    }

    /// Adds a message as pending and sends it as soon as the messages before it have been answered. Returns its id.
    pub fn send(&mut self, room: RoomId, body: Body, moment: Moment) -> MessageId {
        let id = MessageId::mint(moment.now, moment.id_bytes());
        self.outbox_changes(room, Some(moment.now), |room| {
            room.timeline.outbox.push(id, body.into_string(), moment.now);
            true
        });
        id
    }

    /// Sends a refused message again with the same id, after the messages that were sent since.
    pub fn retry(&mut self, room: RoomId, id: MessageId) {
        self.outbox_changes(room, None, |room| room.timeline.outbox.retry(id));
        self.out.change(Change::Message(room, id));
    }

    /// Removes a refused message.
    pub fn discard(&mut self, room: RoomId, id: MessageId) {
        self.outbox_changes(room, None, |room| room.timeline.outbox.discard(id));
    }

    /// Asks for the page before the oldest event that the client has. One page is asked for at a time.
    pub fn load_older(&mut self, room: RoomId) {
        self.want_page(room, |timeline| timeline.has_older().then(|| timeline.log.oldest_seq()));
    }

    /// Asks for the page before the newest events without a gap, when a gap is shown. One page is asked for at a time.
    pub fn fill_gap(&mut self, room: RoomId) {
        self.want_page(room, |timeline| timeline.log.gap_before());
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
                self.out.change(Change::Typing(room.id));
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

    /// Returns the changes since the last call, each once.
    pub fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.out.changes)
    }

    /// Takes the list of rooms from the page that the server rendered.
    pub fn set_rooms(&mut self, rooms: Vec<RoomInfo>) {
        if self.list != rooms {
            self.list = rooms;
            self.out.change(Change::Rooms);
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

    fn room(&mut self, id: RoomId) -> (&mut Room, &mut Effects) {
        let room = self.rooms.get_or_add(id, &self.you);
        (room, &mut self.out)
    }

    fn outbox_changes(&mut self, id: RoomId, now: Option<UnixMillis>, change: impl FnOnce(&mut Room) -> bool) {
        let (room, out) = self.room(id);
        if change(room) {
            out.change(Change::List(id));
            out.change(Change::Outbox(id));
            self.catch_up(id, now);
        }
    }

    fn want_page(&mut self, id: RoomId, before: fn(&Timeline) -> Option<Seq>) {
        let Some(room) = self.rooms.get_mut(id) else { return };
        if let Some(before) = before(&room.timeline) {
            room.want_page(before, &mut self.out);
            self.catch_up(id, None);
        }
    }

    /// Takes the requests that were sent for lost, if there is no connection.
    pub(crate) fn notice_loss(&mut self) {
        if !self.connection.is_open() {
            self.rooms.iter_mut().for_each(Room::disconnected);
        }
    }
}
