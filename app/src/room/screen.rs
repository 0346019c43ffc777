//! What the room's island shows: components read it, `live` writes it, the first paint fills it from the page. One
//! signal for all that stands around the messages, one for their list, and one in each message: a signal of a type of
//! its own costs 5 kB of WebAssembly, and looking twenty small things over again costs nothing. It holds no rule of the
//! chat and knows no socket.

use std::time::Duration;

use hubbub_client::{Engine, MessageState, MessageView, Presence};
use hubbub_protocol::{MessageId, RoomId, RoomInfo};
use leptos::prelude::*;

use super::first_paint::Opened;
use super::rows::{MessageRow, Row, remark, rows};
use super::scroll::Scroll;
use super::shown::{News, Panel, Past, Shown, Voice, past, put};
use super::wording::Standing;
use crate::live::ladder::Rung;
use crate::ui::time::Zone;

/// How long after the past was inserted the log stays silent.
const SILENT_AFTER_INSERT: Duration = Duration::from_millis(500);

/// The signals. Copied freely: they live as long as the island.
#[derive(Clone, Copy)]
pub(crate) struct Screen {
    shown: RwSignal<Shown>,
    /// The timeline of the room shown.
    pub(super) rows: RwSignal<Vec<Row>>,
    /// Every room.
    pub(super) rooms: RwSignal<Vec<Row>>,
    /// Who is in the room shown, unless they are too many to list.
    pub(super) people: RwSignal<Vec<Row>>,
    /// True once the page is live and the reader's own clock is told.
    pub(crate) is_local: RwSignal<bool>,
    pub(crate) scroll: Scroll,
}

impl Screen {
    /// The first paint, the same on the server and when the browser takes over.
    pub(super) fn new(opened: &Opened, error: &str) -> Self {
        let Opened { engine, room, present } = opened;
        let shown = Shown {
            you: engine.you().clone(),
            unread: Vec::new(),
            room: room.clone(),
            past: past(engine, room.id),
            n_present: 0,
            n_unnamed: 0,
            typing: Vec::new(),
            standing: Standing::Connecting,
            rung: Rung::WebSocket,
            notice: String::new(),
            error: error.to_owned(),
            left: None,
            today: None,
            panel: Panel::None,
            news: News::Seen,
            voice: Voice::Speaking,
        };
        let shown = RwSignal::new(shown);
        let scroll = Scroll::new();
        let screen = Self {
            shown,
            rows: RwSignal::new(Vec::new()),
            rooms: RwSignal::new(Vec::new()),
            people: RwSignal::new(Vec::new()),
            is_local: RwSignal::new(false),
            scroll,
        };
        screen.show_rooms(engine.rooms());
        screen.show_present(present);
        screen.rows.set(screen.rows_of(engine, room.id));
        screen
    }

    /// A text that follows what is shown.
    pub(super) fn text(self, read: fn(&Shown) -> String) -> Signal<String> {
        Signal::derive(move || self.shown.with(read))
    }

    /// The same where an empty text is to leave its element empty, which the style looks at: a text that follows
    /// something is never quite nothing in the page.
    pub(super) fn text_or_nothing(self, read: fn(&Shown) -> &String) -> Signal<Option<String>> {
        Signal::derive(move || self.shown.with(|shown| Some(read(shown)).filter(|text| !text.is_empty()).cloned()))
    }

    /// An attribute that is there or not, as what is shown wants it.
    pub(super) fn flag(self, read: fn(&Shown) -> bool) -> Signal<Option<String>> {
        Signal::derive(move || self.shown.with(read).then(String::new))
    }

    /// The same for something about one room.
    pub(super) fn flag_of(self, room: RoomId, read: fn(&Shown, RoomId) -> bool) -> Signal<Option<String>> {
        Signal::derive(move || self.shown.with(|shown| read(shown, room)).then(String::new))
    }

    /// Something that follows what is shown, within a closure that is run again.
    pub(super) fn follow<T>(self, read: fn(&Shown) -> T) -> T {
        self.shown.with(read)
    }

    /// Something of what is shown at this moment.
    pub(crate) fn read<T>(self, read: impl FnOnce(&Shown) -> T) -> T {
        let mut read = Some(read);
        let mut value = None;
        self.read_with(&mut |shown| value = read.take().map(|read| read(shown)));
        value.expect("an island's signals live as long as the page")
    }

    /// Changes what is shown; `change` says whether it did, so that nothing is looked over for nothing.
    pub(crate) fn change(self, change: &mut dyn FnMut(&mut Shown) -> bool) {
        self.shown.maybe_update(|shown| change(shown));
    }

    /// Opens a side, or none.
    pub(crate) fn open_panel(self, panel: Panel) {
        self.change(&mut |shown| put(&mut shown.panel, panel));
    }

    /// Opens a side, or closes it when it is open.
    pub(super) fn toggle_panel(self, panel: Panel) {
        self.open_panel(if self.read(|shown| shown.panel) == panel { Panel::None } else { panel });
    }

    /// The reader scrolled.
    pub(super) fn scrolled(self) {
        self.scroll.moved();
        if self.scroll.is_at_end() {
            self.change(&mut |shown| put(&mut shown.news, News::Seen));
        }
    }

    /// Whether the reader has come so near to the oldest message that the page before is to be asked for.
    pub(crate) fn wants_older(self) -> bool {
        self.read(|shown| shown.past) == Past::Older && self.scroll.is_near_top()
    }

    /// Goes to the newest message, and stays there.
    pub(crate) fn go_to_end(self) {
        self.scroll.to_end();
        self.change(&mut |shown| put(&mut shown.news, News::Seen));
    }

    /// Lets the log be read aloud again. What was inserted is drawn by then, so that a screen reader does not read the
    /// past.
    pub(crate) fn speak_soon(self) {
        let speak = move || {
            self.change(&mut |shown| !shown.past.is_coming() && put(&mut shown.voice, Voice::Speaking));
        };
        set_timeout(speak, SILENT_AFTER_INSERT);
    }

    /// Shows a room's messages as the engine believes them to be.
    pub(crate) fn show_messages(self, engine: &Engine, room: RoomId) {
        let rows = self.rows_of(engine, room);
        self.scroll.keep_over(|| self.rows.set(rows));
    }

    /// Tells one message's row what has changed about it.
    pub(crate) fn remark(self, message: &MessageView<'_>) {
        self.rows.with_untracked(|rows| remark(rows, message));
    }

    /// Shows the list of rooms.
    pub(crate) fn show_rooms(self, rooms: &[RoomInfo]) {
        self.rooms.set(rooms.iter().cloned().map(Row::Room).collect());
    }

    /// Shows who is here.
    pub(crate) fn show_present(self, present: &Presence) {
        let n_named = u32::try_from(present.members.len()).unwrap_or(u32::MAX);
        self.change(&mut |shown| {
            shown.n_unnamed = present.count.saturating_sub(n_named);
            put(&mut shown.n_present, present.count)
        });
        self.people.set(present.members.iter().cloned().map(Row::Person).collect());
    }

    fn rows_of(self, engine: &Engine, room: RoomId) -> Vec<Row> {
        let zone = if self.is_local.get_untracked() { Zone::Local } else { Zone::Utc };
        let entries = engine.timeline(room).into_iter().flat_map(|timeline| timeline.entries());
        self.rows.with_untracked(|shown| rows(room, entries, shown, engine.you().id, zone))
    }

    /// The newest message shown that is in the log.
    pub(crate) fn newest_sent(self) -> Option<MessageId> {
        let is_sent = |row: &MessageRow| row.marks.with_untracked(|marks| matches!(marks.state, MessageState::Sent(_)));
        self.rows.with_untracked(|rows| {
            rows.iter().rev().find_map(|row| match row {
                Row::Message(row) if is_sent(row) => Some(row.id),
                _ => None,
            })
        })
    }

    fn read_with(self, read: &mut dyn FnMut(&Shown)) {
        self.shown.with_untracked(|shown| read(shown));
    }
}
