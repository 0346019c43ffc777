//! The driver's side of the screen: sets the signals for what the engine says has changed, and for what changes with time.

use hubbub_client::{Change, ConnectionState};
use hubbub_protocol::RoomInfo;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::channels::Input;
use super::driver::{Driver, LADDER_KEY};
use crate::browser::{clock, storage};
use crate::state::Command;
use crate::state::connection::{ConnectionStatus, RoomNotice, ShownConnection};
use crate::state::screen::{Past, put};
use crate::state::traffic::Traffic;
use crate::ui::room_address;
use crate::ui::time::Zone;

impl Driver {
    /// Shows what has changed since the last call.
    pub(super) fn show_changes(&mut self) {
        for change in self.engine.take_changes() {
            self.show(change);
        }
        self.show_now();
    }

    /// Shows another room. The room that was shown before stays followed, so that the list of rooms can say that it has
    /// new messages.
    pub(super) fn show_room(&mut self, room: &RoomInfo) {
        self.room = room.id;
        put(self.screen.is_announcing, false);
        put(self.screen.room, room.clone());
        self.screen.go_to_end();
        self.seen_rooms.follow(&mut self.engine, room.id);
        self.step(|_, _| ());
        self.show_messages();
        for change in [Change::Presence(room.id), Change::Typing(room.id), Change::Denied(room.id)] {
            self.show(change);
        }
    }

    /// Shows the room at the address that Back or Forward led to.
    pub(super) fn follow_address(&mut self) {
        let path = location().pathname().unwrap_or_default();
        // The browser writes letters of other scripts percent-encoded.
        let path = js_sys::decode_uri(&path).map(String::from).unwrap_or(path);
        let room = self.engine.rooms().iter().find(|room| room_address(room) == path).cloned();
        match room {
            Some(room) if room.id == self.room => {}
            Some(room) => self.show_room(&room),
            // The address of another page. If the reload fails, the browser says so.
            None => drop(location().reload()),
        }
    }

    fn show(&mut self, change: Change) {
        let (screen, engine, room) = (self.screen, &self.engine, self.room);
        match change {
            Change::List(of) if of == room => self.show_list(),
            Change::Message(of, id) if of == room => {
                if let Some(message) = engine.timeline(room).and_then(|timeline| timeline.entry(id)) {
                    screen.show_message(&message);
                }
            }
            Change::Outbox(of) => self.outbox.save(of, &engine.unsent(of)),
            Change::Rooms => put(screen.rooms, engine.rooms().to_vec()),
            Change::Presence(of) if of == room => {
                put(screen.present, engine.present(room).cloned().unwrap_or_default());
            }
            Change::Typing(of) if of == room => put(screen.typing, engine.typing_in(room, clock::now())),
            Change::Denied(of) if of == room => put(screen.notice, RoomNotice::of(engine, room)),
            Change::Error(refusal) => put(screen.notice, Some(RoomNotice::Refused(refusal))),
            Change::Connection
                if matches!(engine.connection(), ConnectionState::Connected | ConnectionState::SignedOut) =>
            {
                put(screen.notice, RoomNotice::of(engine, room));
            }
            // `show_now` shows the connection, and another room is shown as a whole when the reader goes to it.
            Change::Connection
            | Change::List(_)
            | Change::Message(..)
            | Change::Presence(_)
            | Change::Typing(_)
            | Change::Denied(_) => {}
        }
    }

    /// Shows the messages of the room that is shown.
    pub(super) fn show_messages(&self) {
        let screen = self.screen;
        screen.show_messages(&self.engine, self.room);
        // After the rows are drawn: if they don't fill the window, the reader can't scroll to ask for older ones.
        let inputs = self.inputs.clone();
        spawn_local(async move {
            if screen.wants_older() {
                // Fails only when the driver has ended.
                let _ = inputs.unbounded_send(Input::Command(Command::LoadOlder));
            }
        });
    }

    fn show_list(&self) {
        let newest_before = self.screen.newest_sent();
        self.show_messages();
        if self.screen.newest_sent() != newest_before && !self.screen.scroll.is_at_end() {
            put(self.screen.has_arrivals_below, true);
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
        screen.show_past(Past::of(&self.engine, self.room));
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
