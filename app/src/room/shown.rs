//! All that stands around the messages, as plain values: `screen` holds them in one signal, components read them, `live`
//! changes them. No rule of the chat, no signal.

use hubbub_client::Engine;
use hubbub_protocol::{Member, RoomId, RoomInfo};

use super::wording::Standing;
use crate::live::ladder::Rung;
use crate::ui::time::Day;

/// All that stands around the messages.
pub(crate) struct Shown {
    pub(crate) you: Member,
    /// Rooms with messages that were not looked at.
    pub(crate) unread: Vec<RoomId>,
    /// The room shown.
    pub(crate) room: RoomInfo,
    pub(crate) past: Past,
    /// How many are in the room shown.
    pub(super) n_present: u32,
    /// How many of them are not listed.
    pub(super) n_unnamed: u32,
    /// Others who are typing.
    pub(crate) typing: Vec<Member>,
    pub(crate) standing: Standing,
    /// The way that the connection goes, or tries to.
    pub(crate) rung: Rung,
    /// Why the room shown can't be followed, what the server last refused outside of a message, or that the session has
    /// ended; else empty.
    pub(crate) notice: String,
    /// What is wrong with what is written; else empty.
    pub(super) error: String,
    /// How many more characters fit, once that is worth saying.
    pub(super) left: Option<i64>,
    /// Known once the page is live.
    pub(crate) today: Option<Day>,
    pub(crate) panel: Panel,
    /// Whether something arrived below what the reader sees.
    pub(crate) news: News,
    pub(crate) voice: Voice,
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

impl Past {
    /// Whether what comes next belongs above what is there.
    pub(crate) fn is_coming(self) -> bool {
        matches!(self, Self::Unknown | Self::Loading)
    }
}

/// Whether something arrived below what the reader sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// Nothing, or the reader is at the end.
    Seen,
    /// Something.
    Below,
}

/// Whether a screen reader is to read what is added aloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    /// What is added is the past, or another room.
    Silent,
    /// What is added is new.
    Speaking,
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

/// Puts a value in its place, and says whether that changed it.
pub(crate) fn put<T: PartialEq>(place: &mut T, value: T) -> bool {
    let is_new = *place != value;
    *place = value;
    is_new
}
