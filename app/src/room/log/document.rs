//! A room's log as a document of its own: what a browser without script shows in the frame of the room's page. The
//! server calls it, for the stream that never ends and for pages of the past; it is given events and gives markup, and
//! knows no connection. Messages are drawn by the very components that the island draws them by.

use hubbub_client::{Engine, Entry, MessageState, MessageView, Presence};
use hubbub_protocol::{Cursor, Event, Member, RoomInfo, Seq, What};
use leptos::either::Either;
use leptos::prelude::*;

use super::frame::{Above, Below, LogPage};
use crate::room::first_paint::Opened;
use crate::room::row_list::RowList;
use crate::room::rows::{Row, rows};
use crate::room::screen::Screen;
use crate::ui::time::Zone;

/// Where the messages go into the markup of a frame that has none yet. What people write can't contain it, since their
/// text is escaped.
const HERE: &str = "<hr>";

/// A document that is being written, and how far it has come.
pub struct LogDocument {
    asset_root: String,
    room: RoomInfo,
    you: Member,
    last: Option<Event>,
}

/// What a document begins with.
pub struct LogStart {
    /// It shows what comes after this number; what is older is a link away.
    pub after: Cursor,
    /// Whether messages lie between what the reader had and what is shown.
    pub gap: Gap,
}

/// Whether anything lies between what a reader had and what is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// Nothing.
    None,
    /// Messages that the link to older ones leads to.
    Before,
}

impl LogDocument {
    /// A document of a room for someone, with the build's own files under `asset_root`.
    #[must_use]
    pub fn new(asset_root: &str, room: RoomInfo, you: Member) -> Self {
        Self { asset_root: asset_root.to_owned(), room, you, last: None }
    }

    /// All that stands before the first message. The document stays open: messages follow as they come, and what is open when
    /// it ends is closed by the browser.
    #[must_use]
    pub fn begin(&self, start: &LogStart) -> String {
        let above = match (start.after.seq, start.gap) {
            (Seq(0), _) => Above::Beginning,
            (seq, Gap::None) => Above::Older(self.path_before(seq.next())),
            (seq, Gap::Before) => Above::Missed(self.path_before(seq.next())),
        };
        let whole = self.frame(above, Below::Nothing, None);
        whole.split_once(HERE).map(|(before, _)| before.to_owned()).unwrap_or(whole)
    }

    /// The next events as markup.
    #[must_use]
    pub fn events(&mut self, events: &[Event]) -> String {
        let rows = self.rows(events);
        if let Some(last) = events.last() {
            self.last = Some(last.clone());
        }
        self.draw(move || view! { <RowList rows=RwSignal::new(rows) /> }.to_html())
    }

    /// A page of the past, whole: the messages that end right before a seq, and the ways on from there.
    #[must_use]
    pub fn past(&self, events: &[Event]) -> String {
        let first = events.first().map_or(Seq(1), |event| event.seq);
        let above = if first.0 > 1 { Above::Older(self.path_before(first)) } else { Above::Beginning };
        let below = Below::Newer { live: self.live(), newer: events.last().map(|last| self.path_after(last.seq)) };
        let rows = self.rows(events);
        self.frame(above, below, Some(rows))
    }

    fn path_after(&self, last: Seq) -> String {
        let page = u64::try_from(hubbub_protocol::limits::HISTORY_PAGE_EVENTS).unwrap_or(u64::MAX);
        self.path_before(Seq(last.0.saturating_add(page).saturating_add(1)))
    }

    fn live(&self) -> String {
        format!("/rooms/{}/live", self.room.slug)
    }

    fn path_before(&self, before: Seq) -> String {
        format!("/rooms/{}/messages?before={}", self.room.slug, before.0)
    }

    /// The rows of events that come after the last one: it says whose group they go on with, and on which day.
    fn rows(&self, events: &[Event]) -> Vec<Row> {
        let entries = self.last.iter().chain(events).filter_map(entry);
        let mut rows = rows(self.room.id, entries, &[], self.you.id, Zone::Utc);
        let drawn_before = match self.last.as_ref().and_then(entry) {
            Some(Entry::Message(last)) => {
                rows.iter().position(|row| matches!(row, Row::Message(row) if row.id == last.id))
            }
            _ => None,
        };
        rows.drain(..drawn_before.map_or(0, |i| i + 1));
        rows
    }

    /// The document around the rows, or around the place for them.
    fn frame(&self, above: Above, below: Below, rows: Option<Vec<Row>>) -> String {
        let (asset_root, room) = (self.asset_root.clone(), self.room.name.clone());
        self.draw(move || {
            let messages = match rows {
                Some(rows) => Either::Left(view! { <RowList rows=RwSignal::new(rows) /> }),
                None => Either::Right(view! { <hr /> }),
            };
            view! { <LogPage asset_root room above below>{messages}</LogPage> }.to_html()
        })
    }

    /// Draws what expects the screen of an island.
    fn draw(&self, draw: impl FnOnce() -> String) -> String {
        let opened = Opened {
            engine: Engine::new(self.you.clone()),
            room: self.room.clone(),
            present: Presence { count: 0, members: Vec::new() },
        };
        let owner = Owner::new_root(None);
        let drawn = owner.with(|| {
            provide_context(Screen::new(&opened, ""));
            draw()
        });
        owner.cleanup();
        drawn
    }
}

fn entry(event: &Event) -> Option<Entry<'_>> {
    match &event.what {
        What::Posted { id, body } => {
            let state = MessageState::Sent(event.seq);
            Some(Entry::Message(MessageView { id: *id, by: &event.by, at: event.at, body, state }))
        }
        What::Unknown => None,
    }
}
