//! Passes each frame of the server to the module that handles it. Unknown frames are skipped.

use hubbub_protocol::{Answer, Member, OpId, Refusal, RoomId, RoomInfo, ServerFrame, StreamId, UnixMillis};

use crate::effects::{Effects, Update};
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
            ServerFrame::Rows { room, after, to, messages, mine } => {
                self.with(room, |room, _| room.rows((after, to), messages, mine));
            }
            ServerFrame::Resumed { room, after, to, n_rows, state } => self.with(room, |room, out| {
                room.resumed((after, to), n_rows, state, now, out);
            }),
            ServerFrame::Page { room, reason, epoch, state, page } => self.with(room, |room, out| {
                room.page(|timeline, out| timeline.page(reason, epoch, state, page, out), now, out);
            }),
            ServerFrame::Changes { room, changes } => self.with(room, |room, out| room.changes(changes, now, out)),
            ServerFrame::Answer { answer: Answer::Refused(Refusal::SignedOut), .. } => self.sign_out(),
            ServerFrame::Answer { room, query, answer } => {
                self.with(room, |room, out| room.answer(query, answer, &moment, out));
            }
            ServerFrame::Ack { on: StreamId::Room(room), op, seq, at } => self.with(room, |room, out| {
                room.timeline.acked(op, seq, at, out);
                room.catch_up(Some(now), out);
            }),
            ServerFrame::Refused { on: StreamId::Room(room), op, refusal } => self.refused(room, op, refusal, &moment),
            ServerFrame::Denied { room, refusal } => self.deny(room, refusal, &moment),
            ServerFrame::Error { refusal } => self.error(refusal),
            ServerFrame::Present { room, count, members } => self.with(room, |room, out| {
                room.presence = Some(Presence { count, members });
                out.update(Update::Presence(room.id));
            }),
            ServerFrame::Typing { room, by } => self.typing_received(room, by, now),
            ServerFrame::RoomAdded { room } => self.room_added(room),
            ServerFrame::Bye { reconnect_after_ms, refusal } => {
                self.connection.set_server_wait(reconnect_after_ms);
                refusal.into_iter().for_each(|refusal| self.error(refusal));
            }
            ServerFrame::Ack { on: StreamId::Unknown, .. }
            | ServerFrame::Refused { on: StreamId::Unknown, .. }
            | ServerFrame::Pong
            | ServerFrame::Unknown => {}
        }
    }

    /// Calls `act` with a room that the engine knows. A frame about another room is outdated.
    fn with(&mut self, room: RoomId, act: impl FnOnce(&mut Room, &mut Effects)) {
        let Some(room) = self.rooms.get_mut(room) else { return };
        act(room, &mut self.out);
        // The list of rooms shows what the room's own stream says.
        let info = self.list.iter_mut().find(|info| info.id == room.id);
        if let (Some(info), Some(state)) = (info, &room.timeline.state)
            && (info.name != state.name || info.topic != state.topic)
        {
            info.name.clone_from(&state.name);
            info.topic.clone_from(&state.topic);
            self.out.update(Update::Rooms);
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
        self.rooms.iter().any(|room| !room.timeline.outbox.operations.is_empty())
    }

    fn set_you(&mut self, you: Member) {
        if self.you == you {
            return;
        }
        for room in self.rooms.iter_mut() {
            room.start_as(you.clone(), &mut self.out);
            self.out.update(Update::List(room.id));
        }
        self.you = you;
        self.out.update(Update::Connection);
    }

    fn refused(&mut self, room: RoomId, op: OpId, refusal: Refusal, moment: &Moment) {
        let is_signed_out = refusal == Refusal::SignedOut;
        self.with(room, |room, out| {
            room.timeline.refused(op, refusal, moment, out);
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
            self.out.update(Update::Error(refusal));
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
                out.update(Update::Typing(room.id));
            }
        });
    }

    fn room_added(&mut self, room: RoomInfo) {
        match self.list.iter_mut().find(|known| known.id == room.id) {
            Some(known) if *known == room => return,
            Some(known) => *known = room,
            None => self.list.push(room),
        }
        self.out.update(Update::Rooms);
    }
}
