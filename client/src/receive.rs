//! Passes each frame of the server to the module that handles it. Unknown frames are skipped.

use hubbub_protocol::{Member, MessageId, Refusal, RoomId, RoomInfo, ServerFrame, UnixMillis};

use crate::effects::{Change, Effects};
use crate::engine::Engine;
use crate::hints::Presence;
use crate::moment::Moment;
use crate::room::Room;

impl Engine {
    /// Takes a frame that was received over the connection.
    pub fn received(&mut self, frame: ServerFrame, moment: Moment) {
        if !self.connection.is_open() {
            return;
        }
        let now = moment.now;
        self.connection.received(now);
        match frame {
            ServerFrame::Welcome { you, rooms } => self.welcomed(you, rooms, now),
            ServerFrame::Resumed { room, head: _ } => self.with(room, |room, out| room.joined(now, out)),
            ServerFrame::Snapshot { room, reason, epoch, head, events } => self.with(room, |room, out| {
                room.timeline.snapshot(reason, epoch, head, events, out);
                room.joined(now, out);
            }),
            ServerFrame::Events { room, events } => self.with(room, |room, out| room.events(events, now, out)),
            ServerFrame::History { room, before, events } => {
                self.with(room, |room, out| room.timeline.history(before, events, out))
            }
            ServerFrame::Ack { room, id, seq, at } => self.with(room, |room, out| {
                room.timeline.acked(id, seq, at, out);
                room.catch_up(Some(now), out);
            }),
            ServerFrame::Refused { room, id, refusal } => self.refused(room, id, refusal, &moment),
            ServerFrame::Denied { room, refusal } => self.deny(room, refusal, &moment),
            ServerFrame::Error { refusal } => self.error(refusal),
            ServerFrame::Present { room, count, members } => self.with(room, |room, out| {
                room.presence = Some(Presence { count, members });
                out.change(Change::Presence(room.id));
            }),
            ServerFrame::Typing { room, by } => self.typing_received(room, by, now),
            ServerFrame::RoomAdded { room } => self.room_added(room),
            ServerFrame::Bye { reconnect_after_ms, refusal } => {
                self.connection.set_server_wait(reconnect_after_ms);
                refusal.into_iter().for_each(|refusal| self.error(refusal));
            }
            ServerFrame::Pong | ServerFrame::Unknown => {}
        }
    }

    /// Calls `act` with a room that the engine knows. A frame about another room is outdated.
    fn with(&mut self, room: RoomId, act: impl FnOnce(&mut Room, &mut Effects)) {
        if let Some(room) = self.rooms.get_mut(room) {
            act(room, &mut self.out);
        }
    }

    fn welcomed(&mut self, you: Member, rooms: Vec<RoomInfo>, now: UnixMillis) {
        if you.id != self.you.id && self.has_unsent() {
            // Another member signed in with this browser. This member's unsent messages must not be sent as theirs.
            self.sign_out();
            return;
        }
        self.connection.welcomed(now, &mut self.out);
        // The frame may list only the first rooms, and rooms are never removed.
        for room in rooms {
            self.room_added(room);
        }
        self.set_you(you);
        for room in self.rooms.iter_mut() {
            room.catch_up(Some(now), &mut self.out);
        }
    }

    fn has_unsent(&self) -> bool {
        self.rooms.iter().any(|room| !room.timeline.outbox.messages().is_empty())
    }

    fn set_you(&mut self, you: Member) {
        if self.you == you {
            return;
        }
        for room in self.rooms.iter_mut() {
            room.timeline.you.clone_from(&you);
            self.out.change(Change::List(room.id));
        }
        self.you = you;
        self.out.change(Change::Connection);
    }

    fn refused(&mut self, room: RoomId, id: MessageId, refusal: Refusal, moment: &Moment) {
        let is_signed_out = refusal == Refusal::SignedOut;
        self.with(room, |room, out| {
            if room.timeline.outbox.refuse(id, refusal, moment) {
                out.change(Change::Message(room.id, id));
                out.change(Change::Outbox(room.id));
            }
            if !is_signed_out {
                room.catch_up(Some(moment.now), out);
            }
        });
        if is_signed_out {
            self.sign_out();
        }
    }

    fn deny(&mut self, room: RoomId, refusal: Refusal, moment: &Moment) {
        if refusal == Refusal::SignedOut {
            self.sign_out();
        } else {
            self.with(room, |room, out| room.deny(refusal, moment, out));
        }
    }

    /// Takes a refusal that belongs to no room.
    fn error(&mut self, refusal: Refusal) {
        if refusal == Refusal::SignedOut {
            self.sign_out();
        } else {
            self.out.change(Change::Error(refusal));
        }
    }

    fn sign_out(&mut self) {
        self.connection.signed_out(&mut self.out);
        self.notice_loss();
    }

    fn typing_received(&mut self, room: RoomId, by: Member, now: UnixMillis) {
        if by.id == self.you.id {
            return;
        }
        self.with(room, |room, out| {
            if room.typing.received(by, now) {
                out.change(Change::Typing(room.id));
            }
        });
    }

    fn room_added(&mut self, room: RoomInfo) {
        match self.list.iter_mut().find(|known| known.id == room.id) {
            Some(known) if *known == room => return,
            Some(known) => *known = room,
            None => self.list.push(room),
        }
        self.out.change(Change::Rooms);
    }
}
