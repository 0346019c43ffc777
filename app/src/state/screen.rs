//! The signals of the room's page. The first paint fills them, the driver and the views set them, the views follow them.
//!
//! Long: every signal of the page is declared here, once.

use std::sync::Arc;

use hubbub_client::{Engine, Presence};
use hubbub_protocol::{Member, MessageId, RoomId, RoomInfo, RoomState};
use leptos::prelude::*;

use super::acting::Acting;
use super::connection::{RoomNotice, ShownConnection};
use super::details::{ShownReactors, ShownRevisions, ShownThread};
use super::first_paint::Opened;
use super::past::Past;
use super::put::put;
use super::rows::{MessageRow, Row, entries, rows, single_rows};
use super::scroll::Scroll;
use super::traffic::Traffic;
use super::window::Window;
use crate::ui::time::{Day, Zone};

/// The signals. They live as long as the island, which lives as long as the page.
#[derive(Clone, Copy)]
pub(crate) struct Screen {
    /// The member who reads.
    pub(crate) you: StoredValue<Member>,
    /// The room that is shown.
    pub(crate) room: RwSignal<RoomInfo>,
    /// Every room.
    pub(crate) rooms: RwSignal<Vec<RoomInfo>>,
    pub(crate) unseen: RwSignal<Unseen>,
    /// The timeline of the room that is shown.
    pub(crate) rows: RwSignal<Vec<Row>>,
    /// The part of the room's messages that `rows` has.
    pub(crate) window: StoredValue<Window>,
    pub(crate) past: RwSignal<Past>,
    /// The name, topic and pins of the room that is shown. None until the server has sent them.
    pub(crate) state: RwSignal<Option<RoomState>>,
    /// The pinned messages that are loaded, the last pinned one first.
    pub(crate) pins: RwSignal<Vec<Arc<MessageRow>>>,
    pub(crate) thread: RwSignal<Option<ShownThread>>,
    pub(crate) reactors: RwSignal<Option<ShownReactors>>,
    pub(crate) revisions: RwSignal<Option<ShownRevisions>>,
    /// The message that the reader jumped to.
    pub(crate) target: RwSignal<Option<MessageId>>,
    pub(crate) acting: Acting,
    /// How many messages of others arrived below what the reader sees, if any did.
    pub(crate) n_arrived: RwSignal<Option<i64>>,
    /// Whether a screen reader is to announce what is added to the timeline.
    pub(crate) is_announcing: RwSignal<bool>,
    pub(crate) scroll: Scroll,
    /// Who is in the room that is shown.
    pub(crate) present: RwSignal<Presence>,
    /// The others who are typing in it.
    pub(crate) typing: RwSignal<Vec<Member>>,
    pub(crate) notice: RwSignal<Option<RoomNotice>>,
    pub(crate) connection: RwSignal<ShownConnection>,
    pub(crate) traffic: RwSignal<Traffic>,
    /// Whether the connection panel is open, so that `traffic` is to be kept up to date.
    pub(crate) is_traffic_shown: RwSignal<bool>,
    /// Whether the dialog that changes the room's name and topic is open.
    pub(crate) is_describing: RwSignal<bool>,
    /// The reader's day, known once the page is live. Until then times are shown in UTC.
    pub(crate) today: RwSignal<Option<Day>>,
    /// The side that is open on a narrow window.
    pub(crate) side: RwSignal<Option<Side>>,
}

/// The messages that the reader has not seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Unseen {
    /// Rooms other than the one that is shown, with unseen messages.
    pub(crate) rooms: Vec<RoomId>,
    /// How many messages are unseen in all followed rooms; 0 while the window is visible.
    pub(crate) n_messages: usize,
}

/// A side of the page that opens over the timeline where the window is narrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The list of rooms.
    Rooms,
    /// The list of people.
    People,
}

impl Screen {
    /// The signals of the first paint: the same on the server and when the browser takes over.
    pub(crate) fn new(opened: &Opened) -> Self {
        let Opened { engine, room, present } = opened;
        let screen = Self {
            you: StoredValue::new(engine.you().clone()),
            room: RwSignal::new(room.clone()),
            rooms: RwSignal::new(engine.rooms().to_vec()),
            unseen: RwSignal::default(),
            rows: RwSignal::default(),
            window: StoredValue::new(Window::WHOLE),
            past: RwSignal::new(Past::of(engine, room.id)),
            state: RwSignal::new(state_of(engine, room.id)),
            pins: RwSignal::default(),
            thread: RwSignal::new(None),
            reactors: RwSignal::new(None),
            revisions: RwSignal::new(None),
            target: RwSignal::new(None),
            acting: Acting::new(),
            n_arrived: RwSignal::new(None),
            is_announcing: RwSignal::new(true),
            scroll: Scroll::new(),
            present: RwSignal::new(present.clone()),
            typing: RwSignal::default(),
            notice: RwSignal::new(None),
            connection: RwSignal::new(ShownConnection::FIRST),
            traffic: RwSignal::default(),
            is_traffic_shown: RwSignal::new(false),
            is_describing: RwSignal::new(false),
            today: RwSignal::new(None),
            side: RwSignal::new(None),
        };
        let entries = entries(engine, room.id).into_iter();
        screen.rows.set(rows(room.id, entries, Window::WHOLE, &[], engine.you().id, Zone::Utc));
        screen.show_pins(engine, room.id);
        screen
    }

    /// Shows the state of a room.
    pub(crate) fn show_state(self, engine: &Engine, room: RoomId) {
        put(self.state, state_of(engine, room));
    }

    /// Shows the pinned messages of a room.
    pub(crate) fn show_pins(self, engine: &Engine, room: RoomId) {
        let pins = engine.timeline(room).map(|timeline| timeline.pins()).unwrap_or_default();
        let shown = self.pins.get_untracked();
        let rows = single_rows(room, pins.iter(), &shown, engine.you().id);
        self.pins.set(rows);
    }

    /// Shows the open thread of a room, if there is one.
    pub(crate) fn show_thread(self, engine: &Engine, room: RoomId) {
        let thread = engine.timeline(room).and_then(|timeline| timeline.thread());
        let shown = self.thread.get_untracked();
        let thread = thread.map(|thread| ShownThread::new(room, &thread, shown.as_ref(), engine.you().id));
        self.thread.set(thread);
    }
}

fn state_of(engine: &Engine, room: RoomId) -> Option<RoomState> {
    engine.timeline(room)?.room_state().cloned()
}
