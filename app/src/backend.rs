//! The interface through which pages read the server's data while they are rendered. The server implements it, with one value
//! for each request. It has no type of SQL, cookies or HTTP.

use std::sync::Arc;

use async_trait::async_trait;
use hubbub_protocol::{Cursor, Epoch, Event, Member, MessageId, Refusal, RoomInfo, Seq, Slug};

use crate::form::RefusedForm;

/// The server as a page sees it while it is rendered for one request: what the page reads, and the parts of the response
/// that the page sets. The server puts it as [`SharedBackend`] into the context of every render.
#[async_trait]
pub trait Backend: Send + Sync {
    /// The member whose session the request carries, if any.
    fn visitor(&self) -> Option<Member>;
    /// The form that was refused, if the page is the response to one. The page shows the form again with the text that was typed.
    fn refused_form(&self) -> Option<RefusedForm>;
    /// The room to go to after joining: the one that the visitor asked for before having a name.
    fn wanted_room(&self) -> Option<Slug>;
    /// Every room and its last event, oldest room first.
    async fn rooms(&self) -> Result<Vec<RoomLine>, Refusal>;
    /// A room, its newest events and the members present in it.
    async fn room(&self, slug: Slug) -> Result<RoomPage, Refusal>;
    /// Sets the status of the response, which is 200 otherwise.
    fn set_status(&self, status: u16);
    /// Responds with a redirect instead of the page.
    fn redirect(&self, to: &str);
    /// The path under which the files of this build are served, such as `/assets/3fa9c1`.
    fn asset_root(&self) -> String;
}

/// [`Backend`] as it stands in Leptos's context.
pub type SharedBackend = Arc<dyn Backend>;

/// A room in the list of rooms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomLine {
    /// The room.
    pub room: RoomInfo,
    /// The last event in it.
    pub last: Option<Event>,
}

/// The data of a room's page: the first paint shows it, and the island starts from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomPage {
    /// The visitor.
    pub you: Member,
    /// Every room, for the sidebar.
    pub rooms: Vec<RoomInfo>,
    /// The room.
    pub room: RoomInfo,
    /// The epoch of the store that the events belong to.
    pub epoch: Epoch,
    /// The room's last seq.
    pub head: Seq,
    /// The newest events, oldest first.
    pub events: Vec<Event>,
    /// How many members are present.
    pub present_count: u32,
    /// The members present, unless they are too many to list.
    pub present: Vec<Member>,
    /// A fresh id for the form that works without script, so that a form that is sent twice posts once.
    pub form_id: MessageId,
    /// The refused form on this page, with the text that was typed.
    pub refused_form: Option<RefusedForm>,
}

impl RoomPage {
    /// The cursor before the first event shown. Everything after it is on the page or newer.
    #[must_use]
    pub fn before_first(&self) -> Cursor {
        let seq = self.events.first().map_or(self.head, |first| first.seq.previous());
        Cursor { epoch: self.epoch, seq }
    }
}
