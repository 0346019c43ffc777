//! How the timeline follows the engine and the reader: which messages are drawn, and what stays where it is meanwhile. The
//! driver and the timeline's view call it.

use std::time::Duration;

use hubbub_client::{Engine, Entry, MessageState, MessageView};
use hubbub_protocol::{MessageId, RoomId};
use leptos::prelude::*;

use super::arrivals;
use super::commands::Command;
use super::past::Past;
use super::put::put;
use super::rows::{MessageRow, Row, entries, rows, update_message};
use super::screen::Screen;
use super::scroll::set_entering;
use super::window::Window;
use crate::ui::time::Zone;

/// How long a screen reader is kept silent after older messages were inserted.
const SILENT_AFTER_INSERT: Duration = Duration::from_millis(500);

impl Screen {
    /// Shows a room's messages. What the reader looks at stays where it is.
    pub(crate) fn show_messages(self, engine: &Engine, room: RoomId) {
        let entries = entries(engine, room);
        let n_arrived = arrivals::count(room, &entries, engine.you().id);
        let rows = self.rows_around_reader(engine, room, entries);
        self.scroll.keep_over(|| drop(self.rows.try_set(rows)));
        if self.scroll.is_at_end() {
            self.see_all();
        } else {
            put(self.n_arrived, n_arrived);
        }
    }

    /// Draws the messages around the reader. Nothing of it is new, so a screen reader doesn't announce it.
    pub(crate) fn move_window(self, engine: &Engine, room: RoomId) {
        put(self.is_announcing, false);
        self.window.update_value(|window| window.centre = self.scroll.first_message());
        self.show_messages(engine, room);
    }

    /// Notes that the rows of another room are about to be shown, at the position at which it was left.
    pub(crate) fn change_rooms(self, left: RoomId, entered: RoomId) {
        let place = self.scroll.change_rooms(left, entered);
        self.window.update_value(|window| window.centre = place);
    }

    /// Shows the new state of one message. What the reader looks at stays where it is.
    pub(crate) fn show_message(self, message: &MessageView<'_>) {
        self.scroll.keep_over(|| self.rows.with_untracked(|rows| update_message(rows, message)));
    }

    /// Scrolls to the message that the reader jumped to, and marks it.
    pub(crate) fn show_target(self, engine: &Engine, room: RoomId, message: MessageId) {
        self.target.set(Some(message));
        self.scroll.set_at_end(false);
        put(self.is_announcing, false);
        self.window.update_value(|window| window.centre = Some(message));
        self.show_messages(engine, room);
        self.scroll.to_message(message);
    }

    /// The newest own text of the timeline that can be edited. None while newer messages are not drawn.
    pub(crate) fn last_own(self) -> Option<MessageId> {
        if self.has_newer() {
            return None;
        }
        let is_text = |row: &MessageRow| {
            row.shown.with_untracked(|shown| {
                shown.kind.is_text() && !shown.is_deleted() && !matches!(shown.state, MessageState::Refused(_))
            })
        };
        self.rows.with_untracked(|rows| {
            rows.iter().rev().find_map(|row| match row {
                Row::Message(row) if row.is_own && is_text(row) => Some(row.id),
                _ => None,
            })
        })
    }

    /// Scrolls to the newest message, and stays there as others arrive.
    pub(crate) fn go_to_end(self, engine: &Engine, room: RoomId) {
        if self.has_newer() {
            put(self.is_announcing, false);
        }
        self.scroll.to_end();
        self.show_messages(engine, room);
    }

    /// Notes that the reader or the browser has scrolled.
    pub(crate) fn scrolled(self) {
        self.scroll.settle();
        self.note_position();
    }

    /// Notes where the reader is now.
    pub(crate) fn note_position(self) {
        self.scroll.moved(!self.has_newer());
        if self.scroll.is_at_end() {
            self.see_all();
        }
    }

    fn see_all(self) {
        arrivals::see_all(self.room.with_untracked(|room| room.id));
        put(self.n_arrived, None);
    }

    /// Whether there are messages after those that are drawn.
    fn has_newer(self) -> bool {
        self.window.with_value(|window| window.n_after > 0)
    }

    /// The command that draws further messages, if the reader is about to need them.
    pub(crate) fn wanted_messages(self) -> Option<Command> {
        if self.past.get_untracked() == Past::Older && self.scroll.is_near_top() {
            Some(Command::LoadOlder)
        } else if self.has_newer() && self.scroll.is_near_bottom() {
            Some(Command::DrawNewer)
        } else {
            None
        }
    }

    /// Shows what lies before the oldest message. Nothing is announced while older messages are coming, nor shortly after
    /// they were inserted: a screen reader announces new messages and not the history.
    pub(crate) fn show_past(self, past: Past) {
        let was_coming = self.past.get_untracked().is_coming();
        if past.is_coming() {
            put(self.is_announcing, false);
        } else if was_coming || !self.is_announcing.get_untracked() {
            let announce = move || {
                if !self.past.get_untracked().is_coming() {
                    put(self.is_announcing, true);
                    set_entering(false);
                }
            };
            set_timeout(announce, SILENT_AFTER_INSERT);
        }
        put(self.past, past);
    }

    /// Returns the rows of those of a room's entries that are around the reader.
    fn rows_around_reader(self, engine: &Engine, room: RoomId, entries: Vec<Entry<'_>>) -> Vec<Row> {
        let zone = if self.today.get_untracked().is_some() { Zone::Local } else { Zone::Utc };
        let centre = if self.scroll.is_at_end() {
            None
        } else {
            self.window.with_value(|window| window.centre).or_else(|| self.scroll.first_message())
        };
        let window = Window::around(centre, &entries);
        self.window.set_value(window);
        self.rows.with_untracked(|shown| rows(room, entries.into_iter(), window, shown, engine.you().id, zone))
    }
}
