//! What the room's island shows, as signals: components read it, `live` writes it, the first paint fills it from the
//! page. It holds no rule of the chat and knows no socket.

use hubbub_client::{Engine, MessageState, Presence};
use hubbub_protocol::{Member, MessageId, RoomId, RoomInfo};
use leptos::prelude::*;

use super::first_paint::Opened;
use super::rows::{MessageRow, Row, rows};
use super::scroll::Scroll;
use super::wording::Standing;
use crate::ui::time::{Day, Zone};

/// The signals. Copied freely: they live as long as the island.
#[derive(Clone, Copy)]
pub(crate) struct Screen {
    pub(crate) you: StoredValue<Member>,
    pub(crate) rooms: RwSignal<Vec<RoomInfo>>,
    /// Rooms with messages that were not looked at.
    pub(crate) unread: RwSignal<Vec<RoomId>>,
    /// The room shown.
    pub(crate) room: RwSignal<RoomInfo>,
    pub(crate) rows: RwSignal<Vec<Row>>,
    pub(crate) past: RwSignal<Past>,
    pub(crate) present: RwSignal<Presence>,
    /// Others who are typing.
    pub(crate) typing: RwSignal<Vec<Member>>,
    pub(crate) standing: RwSignal<Standing>,
    /// Why the room shown can't be followed, or what the server last refused outside of a message; else empty.
    pub(crate) notice: RwSignal<String>,
    pub(crate) zone: RwSignal<Zone>,
    /// Known once the page is live.
    pub(crate) today: RwSignal<Option<Day>>,
    pub(crate) panel: RwSignal<Panel>,
    pub(crate) scroll: Scroll,
}

/// What lies before the oldest message shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Past {
    /// Nothing of the room has come yet.
    Unknown,
    /// Nothing: the room begins here.
    Beginning,
    /// Older messages, to be asked for.
    Older,
    /// Older messages, asked for.
    Loading,
}

/// Which side is open where there is no room for both (phones).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Panel {
    /// Neither.
    None,
    /// The rooms.
    Rooms,
    /// The people.
    People,
}

impl Panel {
    /// `data-panel`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Rooms => "rooms",
            Self::People => "people",
        }
    }

    /// Opens this one, or closes it when it is open.
    pub(crate) fn toggled(self, other: Self) -> Self {
        if self == other { Self::None } else { other }
    }
}

impl Screen {
    /// The first paint, the same on the server and when the browser takes over.
    pub(super) fn new(opened: &Opened) -> Self {
        let Opened { engine, room, present } = opened;
        let screen = Self {
            you: StoredValue::new(engine.you().clone()),
            rooms: RwSignal::new(engine.rooms().to_vec()),
            unread: RwSignal::new(Vec::new()),
            room: RwSignal::new(room.clone()),
            rows: RwSignal::new(Vec::new()),
            past: RwSignal::new(Past::Unknown),
            present: RwSignal::new(present.clone()),
            typing: RwSignal::new(Vec::new()),
            standing: RwSignal::new(Standing::Connecting),
            notice: RwSignal::new(String::new()),
            zone: RwSignal::new(Zone::Utc),
            today: RwSignal::new(None),
            panel: RwSignal::new(Panel::None),
            scroll: Scroll::new(),
        };
        screen.show_timeline(engine, room.id);
        screen
    }

    /// Shows a room's timeline as the engine believes it to be.
    pub(crate) fn show_timeline(self, engine: &Engine, room: RoomId) {
        let you = self.you.with_value(|you| you.id);
        let zone = self.zone.get_untracked();
        let entries = engine.timeline(room).into_iter().flat_map(|timeline| timeline.entries());
        let new_rows = self.rows.with_untracked(|shown| rows(entries, shown, you, zone));
        self.rows.set(new_rows);
        show(self.past, past(engine, room));
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
}

/// What lies before the oldest message that the engine holds of a room.
pub(crate) fn past(engine: &Engine, room: RoomId) -> Past {
    match engine.timeline(room) {
        Some(_) if engine.cursor(room).is_none() => Past::Unknown,
        None => Past::Unknown,
        Some(timeline) if timeline.is_loading_older() => Past::Loading,
        Some(timeline) if timeline.has_older() => Past::Older,
        Some(_) => Past::Beginning,
    }
}

/// Sets a signal when that changes it, so that nothing is drawn again for nothing.
pub(crate) fn show<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|old| *old != value) {
        signal.set(value);
    }
}
