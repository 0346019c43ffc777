//! The interface through which pages read the server's data while they are rendered. The server implements it, with one value
//! for each request. It has no type of SQL, cookies or HTTP.

use std::sync::Arc;

use async_trait::async_trait;
use hubbub_protocol::{Cursor, Epoch, Member, Message, MessageId, Page, Refusal, RoomInfo, RoomState, Slug};

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
    /// The message to go to after joining, as the address names it.
    fn wanted_message(&self) -> Option<MessageId>;
    /// Every room and its last text, oldest room first.
    async fn rooms(&self) -> Result<Vec<RoomLine>, Refusal>;
    /// A room, its newest messages and the members present in it.
    async fn room(&self, slug: Slug) -> Result<RoomPage, Refusal>;
    /// A message, the message that it answers, and its room.
    async fn message(&self, slug: Slug, message: MessageId) -> Result<MessagePage, Refusal>;
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
    /// The last text in it.
    pub last: Option<Message>,
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
    /// The room's state.
    pub state: RoomState,
    /// The epoch of the store that the page belongs to.
    pub epoch: Epoch,
    /// The newest messages.
    pub page: Page,
    /// How many members are present.
    pub present_count: u32,
    /// The members present, unless they are too many to list.
    pub present: Vec<Member>,
    /// A fresh id for the form that works without script, so that a form that is sent twice posts once.
    pub form_id: MessageId,
    /// The refused form on this page, with the text that was typed.
    pub refused_form: Option<RefusedForm>,
}

/// The data of a message's own page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessagePage {
    /// The visitor.
    pub you: Member,
    /// The room.
    pub room: RoomInfo,
    /// The message, and the one that it answers.
    pub page: Page,
    /// Fresh ids for the forms, so that a form that is sent twice acts once.
    pub form_ids: [MessageId; 4],
    /// The refused form on this page, with the text that was typed.
    pub refused_form: Option<RefusedForm>,
}

impl RoomPage {
    /// The cursor before the first message shown. Everything after it is on the page or newer.
    #[must_use]
    pub fn before_first(&self) -> Cursor {
        let seq = self.page.messages.first().map_or(self.page.as_of, |first| first.seq.previous());
        Cursor { epoch: self.epoch, seq }
    }
}
