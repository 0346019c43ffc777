//! A room's log as a document of its own, which a browser without script shows in a frame of the room's page. The server
//! turns messages into markup by it, for the stream of new messages and for pages of older ones. Messages are drawn by the
//! components of the island. It knows no connection.

use hubbub_client::{Engine, Presence};
use hubbub_protocol::{Cursor, Epoch, Member, Message, Page, RoomInfo, RoomState, Seq, UnixMillis};
use leptos::either::Either;
use leptos::prelude::*;

use super::frame::{Above, Below, LogPage};
use crate::room::own_pages::OwnPages;
use crate::room::timeline::Rows;
use crate::state::emoji::EmojiList;
use crate::state::first_paint::Opened;
use crate::state::later::Later;
use crate::state::rows::{Row, rows};
use crate::state::window::Window;
use crate::state::{Commands, Screen};
use crate::ui::time::Zone;

/// Marks the place of the messages in the markup of a document without messages. The text of people can't contain it,
/// because it is escaped.
const HERE: &str = "<hr>";

/// A document that is being written, and the last message that it shows.
pub struct LogDocument {
    asset_root: String,
    room: RoomInfo,
    you: Member,
    last: Option<Message>,
}

/// The state in which a document begins.
pub struct LogStart {
    /// The document shows the messages after this cursor, and a link leads to older ones.
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

    /// Returns the markup of the next messages.
    #[must_use]
    pub fn messages(&mut self, page: &Page) -> String {
        let rows = self.rows(page);
        if let Some(last) = page.messages.last() {
            self.last = Some(last.clone());
        }
        self.draw(move || view! { <Rows rows=RwSignal::new(rows) /> }.to_html())
    }

    /// Returns a complete document of older messages, with links to the pages before and after.
    #[must_use]
    pub fn past(&self, page: &Page) -> String {
        let above = match page.messages.first() {
            Some(first) if page.older => Above::Older(self.path_before(first.seq)),
            Some(_) | None => Above::Beginning,
        };
        let newer = page.messages.last().map(|last| self.path_after(last.seq));
        let below = Below::Newer { live: self.live(), newer };
        let rows = self.rows(page);
        self.frame(above, below, Some(rows))
    }

    /// Returns the messages of a page as a view, for a page of another kind.
    pub(crate) fn message(&self, page: &Page) -> impl IntoView + use<> {
        let rows = self.rows(page);
        self.provide_contexts();
        provide_context(EmojiList::new());
        view! { <div class="messages"><Rows rows=RwSignal::new(rows) /></div> }
    }

    /// Provides the contexts of the island, which components expect. Nothing here is ever live.
    fn provide_contexts(&self) {
        let screen = Screen::new(&Opened {
            engine: Engine::new(self.you.clone()),
            room: self.room.clone(),
            present: Presence { count: 0, members: Vec::new() },
        });
        let (commands, _) = Commands::new();
        provide_context(screen);
        provide_context(commands);
        provide_context(Later::new(|_| (), screen, commands));
    }

    fn path_after(&self, last: Seq) -> String {
        format!("/rooms/{}/messages?after={}", self.room.slug, last.0)
    }

    fn live(&self) -> String {
        format!("/rooms/{}/live", self.room.slug)
    }

    fn path_before(&self, before: Seq) -> String {
        format!("/rooms/{}/messages?before={}", self.room.slug, before.0)
    }

    /// The rows of messages. The last message before them decides whether they continue its author's group and its day.
    fn rows(&self, page: &Page) -> Vec<Row> {
        let mut engine = Engine::new(self.you.clone());
        let mut page = page.clone();
        page.messages.splice(0..0, self.last.clone());
        // The pages of a stream of new messages don't say of when they are, and an engine shows nothing after that time.
        page.as_of = page.messages.iter().map(|message| message.rev).fold(page.as_of, Seq::max);
        // An engine of this one page makes of messages what views show. It is never connected.
        engine.seed(self.room.id, Epoch(0), state_of(&self.room), page);
        let entries = engine.timeline(self.room.id).into_iter().flat_map(|timeline| timeline.entries());
        let mut rows = rows(self.room.id, entries, Window::WHOLE, &[], self.you.id, Zone::Utc);
        let last = self.last.as_ref().map(|last| last.id);
        let drawn_before = rows.iter().position(|row| matches!(row, Row::Message(row) if Some(row.id) == last));
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
        let owner = Owner::new_root(None);
        let drawn = owner.with(|| {
            self.provide_contexts();
            provide_context(OwnPages);
            draw()
        });
        owner.cleanup();
        drawn
    }
}

/// A state with the room's name. A log document shows neither its maker nor its pins.
fn state_of(room: &RoomInfo) -> RoomState {
    RoomState {
        rev: Seq(0),
        name: room.name.clone(),
        topic: room.topic.clone(),
        made_by: None,
        made_at: UnixMillis(0),
        pins: Vec::new(),
    }
}
