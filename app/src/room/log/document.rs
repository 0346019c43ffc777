//! A room's log as a document of its own, which a browser without script shows in a frame of the room's page. The server
//! turns events into markup by it, for the stream of new messages and for pages of older ones. Messages are drawn by the
//! components of the island. It knows no connection.

use hubbub_client::{Engine, Entry, MessageState, MessageView, Presence};
use hubbub_protocol::{Cursor, Event, Member, RoomInfo, Seq, What};
use leptos::either::Either;
use leptos::prelude::*;

use super::frame::{Above, Below, LogPage};
use crate::room::timeline::Rows;
use crate::state::first_paint::Opened;
use crate::state::rows::{Row, rows};
use crate::state::{Commands, Screen};
use crate::ui::time::Zone;

/// Marks the place of the messages in the markup of a document without messages. The text of people can't contain it,
/// because it is escaped.
const HERE: &str = "<hr>";

/// A document that is being written, and the last event that it shows.
pub struct LogDocument {
    asset_root: String,
    room: RoomInfo,
    you: Member,
    last: Option<Event>,
}

/// The state in which a document begins.
pub struct LogStart {
    /// The document shows the events after this cursor, and a link leads to older ones.
    pub after: Cursor,
    /// Whether messages are missing between what the reader has seen and what the document shows.
    pub gap: Gap,
}

/// Whether messages are missing before those that a document shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// None is missing.
    None,
    /// Some are missing; the link to older messages leads to them.
    Before,
}

impl LogDocument {
    /// A document of a room for a member, with the build's files under `asset_root`.
    #[must_use]
    pub fn new(asset_root: &str, room: RoomInfo, you: Member) -> Self {
        Self { asset_root: asset_root.to_owned(), room, you, last: None }
    }

    /// Returns the markup before the first message. The document stays open: messages are appended as they arrive, and when
    /// it ends the browser closes the open elements.
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

    /// Returns the markup of the next events.
    #[must_use]
    pub fn events(&mut self, events: &[Event]) -> String {
        let rows = self.rows(events);
        if let Some(last) = events.last() {
            self.last = Some(last.clone());
        }
        self.draw(move || view! { <Rows rows=RwSignal::new(rows) /> }.to_html())
    }

    /// Returns a complete document of older messages, with links to the pages before and after.
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

    /// The rows of events. The last event before them decides whether they continue its author's group and its day.
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

    /// The document around rows, or around [`HERE`].
    fn frame(&self, above: Above, below: Below, rows: Option<Vec<Row>>) -> String {
        let (asset_root, room) = (self.asset_root.clone(), self.room.name.clone());
        self.draw(move || {
            let messages = match rows {
                Some(rows) => Either::Left(view! { <Rows rows=RwSignal::new(rows) /> }),
                None => Either::Right(view! { <hr /> }),
            };
            view! { <LogPage asset_root room above below>{messages}</LogPage> }.to_html()
        })
    }

    /// Draws components that expect the context of the island.
    fn draw(&self, draw: impl FnOnce() -> String) -> String {
        let opened = Opened {
            engine: Engine::new(self.you.clone()),
            room: self.room.clone(),
            present: Presence { count: 0, members: Vec::new() },
        };
        let owner = Owner::new_root(None);
        let drawn = owner.with(|| {
            provide_context(Screen::new(&opened));
            provide_context(Commands::new().0);
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
