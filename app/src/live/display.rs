//! The driver's side of the screen: sets the signals for what the engine says has changed, and for what changes with time.

use hubbub_client::{ConnectionState, Update};
use hubbub_protocol::RoomInfo;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::channels::Input;
use super::driver::{Driver, LADDER_KEY};
use crate::browser::{clock, storage};
use crate::state::connection::{ConnectionStatus, RoomNotice, ShownConnection};
use crate::state::details::{ShownReactors, ShownRevisions};
use crate::state::past::Past;
use crate::state::put::put;
use crate::state::scroll::set_entering;
use crate::state::traffic::Traffic;
use crate::ui::room_address;
use crate::ui::time::Zone;

impl Driver {
    /// Shows what has changed since the last call.
    pub(super) fn show_changes(&mut self) {
        // A jump scrolls to a message, so that message is drawn first.
        let is_jump = |update: &Update| matches!(update, Update::Jumped(..));
        let (jumps, others): (Vec<_>, Vec<_>) = self.engine.take_updates().into_iter().partition(is_jump);
        for update in others.into_iter().chain(jumps) {
            self.show(update);
        }
        self.show_now();
    }

    /// Shows another room. The room that was shown before stays followed, so that the list of rooms can say that it has
    /// new messages.
    pub(super) fn show_room(&mut self, room: &RoomInfo) {
        self.screen.change_rooms(self.room, room.id);
        self.room = room.id;
        self.screen.acting.end();
        put(self.screen.target, None);
        put(self.screen.is_announcing, false);
        set_entering(true);
        put(self.screen.room, room.clone());
        self.seen_rooms.follow(&mut self.engine, room.id);
        self.step(|_, _| ());
        self.show_messages();
        let id = room.id;
        let updates =
            [Update::State(id), Update::Pins(id), Update::Thread(id), Update::Presence(id), Update::Typing(id)];
        for update in updates.into_iter().chain([Update::Denied(id)]) {
            self.show(update);
        }
    }

    /// Shows the room at the address that Back or Forward led to.
    pub(super) fn follow_address(&mut self) {
        let path = location().pathname().unwrap_or_default();
        // The browser writes letters of other scripts percent-encoded.
        let path = js_sys::decode_uri(&path).map(String::from).unwrap_or(path);
        let room = self.engine.rooms().iter().find(|room| room_address(room) == path).cloned();
        match room {
            Some(room) if room.id == self.room => self.jump_to_address(),
            Some(room) => {
                self.show_room(&room);
                self.jump_to_address();
            }
            // The address of another page. If the reload fails, the browser says so.
            None => drop(location().reload()),
        }
    }

    /// Shows the message that the address names, if it names one.
    pub(super) fn jump_to_address(&mut self) {
        let search = location().search().unwrap_or_default();
        if let Some(message) = search.strip_prefix("?at=").and_then(|id| id.parse().ok()) {
            let room = self.room;
            self.step(|engine, _| engine.jump_to(room, message));
        }
    }

    fn show(&mut self, update: Update) {
        let (screen, engine, room) = (self.screen, &self.engine, self.room);
        match update {
            Update::Outbox(of) => self.outbox.save(of, &engine.unsent(of)),
            Update::Rooms => self.show_rooms(),
            Update::Error(refusal) => put(screen.notice, Some(RoomNotice::Refused(refusal))),
            Update::Connection
                if matches!(engine.connection(), ConnectionState::Connected | ConnectionState::SignedOut) =>
            {
                put(screen.notice, RoomNotice::of(engine, room));
            }
            // `show_now` shows the connection.
            Update::Connection => {}
            Update::List(of) if of == room => self.show_messages(),
            Update::Message(of, id) if of == room => {
                if let Some(message) = engine.timeline(room).and_then(|timeline| timeline.message(id)) {
                    screen.show_message(&message);
                }
            }
            Update::Pins(of) if of == room => screen.show_pins(engine, room),
            Update::Thread(of) if of == room => screen.show_thread(engine, room),
            Update::State(of) if of == room => screen.show_state(engine, room),
            Update::Presence(of) if of == room => {
                put(screen.present, engine.present(room).cloned().unwrap_or_default());
            }
            Update::Typing(of) if of == room => put(screen.typing, engine.typing_in(room, clock::now())),
            Update::Denied(of) if of == room => put(screen.notice, RoomNotice::of(engine, room)),
            Update::Jumped(of, message) if of == room => screen.show_target(engine, room, message),
            Update::JumpRefused(of, _, refusal) if of == room => {
                put(screen.notice, Some(RoomNotice::Refused(refusal)));
            }
            Update::Reactors { room: of, message, answer } if of == room => {
                put(screen.reactors, Some(ShownReactors { message, answer }));
            }
            Update::Revisions { room: of, message, answer } if of == room => {
                put(screen.revisions, Some(ShownRevisions { message, answer }));
            }
            // The views of a room are drawn anew when the reader goes to it.
            Update::List(_)
            | Update::Message(..)
            | Update::Pins(_)
            | Update::Thread(_)
            | Update::State(_)
            | Update::Presence(_)
            | Update::Typing(_)
            | Update::Denied(_)
            | Update::Jumped(..)
            | Update::JumpRefused(..)
            | Update::Reactors { .. }
            | Update::Revisions { .. } => {}
        }
    }

    /// Shows the list of rooms. The room that is shown may have another name now.
    fn show_rooms(&self) {
        let rooms = self.engine.rooms();
        put(self.screen.rooms, rooms.to_vec());
        if let Some(room) = rooms.iter().find(|room| room.id == self.room) {
            put(self.screen.room, room.clone());
        }
    }

    /// Shows the messages of the room that is shown.
    pub(super) fn show_messages(&self) {
        let screen = self.screen;
        screen.show_messages(&self.engine, self.room);
        // After the rows are drawn: if they don't fill the window, the reader can't scroll to ask for older ones.
        let inputs = self.inputs.clone();
        spawn_local(async move {
            if let Some(command) = screen.wanted_messages() {
                // Fails only when the driver has ended.
                let _ = inputs.unbounded_send(Input::Command(command));
            }
        });
    }

    /// Shows the newest message.
    pub(super) fn go_to_end(&mut self) {
        self.screen.go_to_end(&self.engine, self.room);
        self.show_now();
    }

    /// Draws the messages around the reader, who has come near the first or the last of those that are drawn.
    pub(super) fn move_window(&mut self) {
        self.screen.move_window(&self.engine, self.room);
        self.show_now();
    }

    /// Draws older messages, or asks for them if all that the engine has are drawn.
    pub(super) fn load_older(&mut self) {
        if self.screen.window.with_value(|window| window.n_before > 0) {
            self.move_window();
        } else {
            let room = self.room;
            self.step(|engine, _| engine.load_older(room));
        }
    }

    /// Shows what may change with any input and with time.
    fn show_now(&mut self) {
        let (screen, now) = (self.screen, clock::now());
        if self.engine.connection() == ConnectionState::Connected {
            self.ladder.welcomed();
        }
        if let Some(note) = self.ladder.take_note() {
            storage::write(LADDER_KEY, &note);
        }
        screen.show_past(match screen.window.with_value(|window| window.n_before) {
            0 => Past::of(&self.engine, self.room),
            _ => Past::Older,
        });
        put(screen.today, Some(Zone::Local.day(now)));
        let status = ConnectionStatus::of(self.engine.connection(), now);
        put(screen.connection, ShownConnection { status, transport: self.ladder.kind, reason: self.ladder.reason });
        put(screen.unseen, self.seen_rooms.update(&self.engine, self.room));
        if screen.is_traffic_shown.get_untracked() {
            put(screen.traffic, self.traffic());
        }
    }

    fn traffic(&self) -> Traffic {
        let (engine, transports) = (&self.engine, &self.transports);
        let heads = engine.rooms().iter();
        let heads = heads.filter_map(|room| Some((room.name.clone(), engine.cursor(room.id)?.seq)));
        Traffic {
            received: transports.received,
            sent: transports.sent,
            n_reconnects: transports.n_connections.saturating_sub(1),
            round_trip_ms: transports.round_trip_ms,
            heads: heads.collect(),
        }
    }
}
