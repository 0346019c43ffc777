//! The one door from pages to the server while a page is rendered. Pages call it; the server implements it, one value
//! a request. It says what a page needs and nothing of cookies, SQL or HTTP's own types.

use std::sync::Arc;

use async_trait::async_trait;
use hubbub_protocol::{Cursor, Epoch, Event, Member, MessageId, Refusal, RoomInfo, Seq, Slug};

/// What one request may see and answer with. The server provides it as [`Door`] in the context of every render.
#[async_trait]
pub trait Backend: Send + Sync {
    /// Who asks, if the request carries a live session.
    fn visitor(&self) -> Option<Member>;
    /// The form that was refused, when the page is the answer to one: shown again with what was typed.
    fn refused_form(&self) -> Option<RefusedForm>;
    /// Where to go after joining: the room that was asked for before there was a name.
    fn wanted_room(&self) -> Option<Slug>;
    /// Every room and its last event, oldest room first.
    async fn rooms(&self) -> Result<Vec<RoomLine>, Refusal>;
    /// A room, its newest page and who is in it.
    async fn room(&self, slug: Slug) -> Result<RoomPage, Refusal>;
    /// The page's status, if it isn't 200.
    fn set_status(&self, status: u16);
    /// Answer with a redirect instead of the page.
    fn redirect(&self, to: &str);
    /// The path under which this build's own files are served for ever, such as `/assets/3fa9c1`.
    fn asset_root(&self) -> String;
}

/// [`Backend`] as it stands in Leptos's context.
pub type Door = Arc<dyn Backend>;

/// A room in the list of rooms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomLine {
    /// The room.
    pub room: RoomInfo,
    /// The last thing said in it.
    pub last: Option<Event>,
}

/// What the first paint of a room shows, and what its island starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomPage {
    /// Who looks.
    pub you: Member,
    /// Every room, for the sidebar.
    pub rooms: Vec<RoomInfo>,
    /// The room.
    pub room: RoomInfo,
    /// The life of the store that the events belong to.
    pub epoch: Epoch,
    /// The last seq there is.
    pub head: Seq,
    /// The newest page, oldest first.
    pub events: Vec<Event>,
    /// How many are in the room.
    pub present_count: u32,
    /// Who they are, unless they are too many to list.
    pub present: Vec<Member>,
    /// A fresh id for the form that works without script: sent twice, it is stored once.
    pub form_id: MessageId,
    /// A post by that form that was refused, with what was typed.
    pub refused_form: Option<RefusedForm>,
}

impl RoomPage {
    /// Where the log stood before the first event shown: what comes after it is the page's own, and all that follows.
    #[must_use]
    pub fn before_first(&self) -> Cursor {
        let seq = self.events.first().map_or(self.head, |first| first.seq.previous());
        Cursor { epoch: self.epoch, seq }
    }
}

/// A form that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefusedForm {
    /// `POST /session`, field `name` (and `room`, the slug wanted).
    Join {
        /// What was typed.
        name: String,
        /// Why not.
        refusal: Refusal,
    },
    /// `POST /rooms`, fields `name` and `topic`.
    NewRoom {
        /// What was typed as the name.
        name: String,
        /// What was typed as the topic.
        topic: String,
        /// Which field is at fault, and why.
        field: NewRoomField,
        /// Why not.
        refusal: Refusal,
    },
    /// `POST /rooms/{slug}/messages`, fields `body` and `id`.
    Post {
        /// What was typed.
        body: String,
        /// Why not.
        refusal: Refusal,
    },
}

impl RefusedForm {
    /// Why it was refused.
    #[must_use]
    pub const fn refusal(&self) -> &Refusal {
        match self {
            Self::Join { refusal, .. } | Self::NewRoom { refusal, .. } | Self::Post { refusal, .. } => refusal,
        }
    }
}

/// A field of the form that creates a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewRoomField {
    /// Room name.
    Name,
    /// Topic.
    Topic,
}
