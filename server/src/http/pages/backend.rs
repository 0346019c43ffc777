//! Implements the app's [`Backend`] for one request: the data that the visitor may read, and the status and headers that the
//! page sets. `render` makes one for every page.

use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use axum::http::HeaderValue;
use hubbub_app::backend::{Backend, MessagePage, RoomLine, RoomPage as ShownRoom};
use hubbub_app::form::RefusedForm;
use hubbub_protocol::limits::MAX_PRESENT_LISTED;
use hubbub_protocol::{Member, MessageId, Refusal, RoomInfo, Slug};

use super::fresh_id::fresh_message_id;
use super::page_context::{FormRefusal, PageContext};
use crate::chat::{Membership, NewestPage};
use crate::chat::{PageQuery, RoomPage};
use crate::http::{Site, assets, error};
use crate::hub::Present;

/// [`Backend`] for one request.
pub(super) struct ServerBackend {
    site: Arc<Site>,
    context: PageContext,
    response: Arc<PageResponse>,
}

/// The status and headers that a page sets while it is rendered.
#[derive(Default)]
pub(super) struct PageResponse(Mutex<Parts>);

#[derive(Default)]
struct Parts {
    status: Option<u16>,
    retry_after: Option<HeaderValue>,
    redirect: Option<String>,
    nonce: String,
}

impl ServerBackend {
    pub(super) fn new(site: Arc<Site>, context: PageContext, response: Arc<PageResponse>) -> Self {
        if let Some(refused) = &context.refused {
            response.refuse(refused);
        }
        Self { site, context, response }
    }

    async fn read_room(&self, slug: Slug) -> Result<ShownRoom, Refusal> {
        let visitor = self.context.visitor.as_ref().ok_or(Refusal::SignedOut)?;
        let (membership, room) = self.site.chat.membership_by_slug(visitor, &slug).await?;
        self.page_of(&membership, room).await
    }

    async fn page_of(&self, membership: &Membership, room: RoomInfo) -> Result<ShownRoom, Refusal> {
        let rooms = self.site.chat.rooms().await?.rooms.clone();
        let NewestPage { epoch, page: RoomPage { state, page } } = self.site.chat.newest_page(membership).await?;
        let you = membership.member().clone();
        let present = with(self.site.hub.present(room.id), &you);
        Ok(ShownRoom {
            you,
            rooms,
            room,
            state,
            epoch,
            page,
            present_count: present.count,
            present: present.members,
            form_id: fresh_message_id(),
            refused_form: self.refused_form(),
        })
    }
}

#[async_trait]
impl Backend for ServerBackend {
    fn visitor(&self) -> Option<Member> {
        self.context.visitor.as_ref().map(|visitor| (**visitor.member()).clone())
    }

    fn refused_form(&self) -> Option<RefusedForm> {
        self.context.refused.as_ref().map(|refused| refused.form.clone())
    }

    fn wanted_room(&self) -> Option<Slug> {
        self.context.wanted_room.clone()
    }

    fn wanted_message(&self) -> Option<MessageId> {
        self.context.wanted_message
    }

    async fn rooms(&self) -> Result<Vec<RoomLine>, Refusal> {
        let rooms = self.site.chat.rooms_with_last_message().await?;
        Ok(rooms.into_iter().map(|(room, last)| RoomLine { room, last }).collect())
    }

    async fn room(&self, slug: Slug) -> Result<ShownRoom, Refusal> {
        let room = self.read_room(slug).await;
        room.inspect_err(|refusal| self.response.parts().retry_after = error::retry_after(refusal))
    }

    async fn message(&self, slug: Slug, message: MessageId) -> Result<MessagePage, Refusal> {
        let visitor = self.context.visitor.as_ref().ok_or(Refusal::SignedOut)?;
        let (membership, room) = self.site.chat.membership_by_slug(visitor, &slug).await?;
        let page = self.site.chat.read_page(&membership, PageQuery::Messages(vec![message])).await?;
        Ok(MessagePage {
            you: membership.member().clone(),
            room,
            page,
            form_ids: std::array::from_fn(|_| fresh_message_id()),
            refused_form: self.refused_form(),
        })
    }

    fn set_status(&self, status: u16) {
        self.response.parts().status = Some(status);
    }

    fn redirect(&self, to: &str) {
        self.response.parts().redirect = Some(to.to_owned());
    }

    fn asset_root(&self) -> String {
        assets::root().to_owned()
    }
}

impl PageResponse {
    fn refuse(&self, refused: &FormRefusal) {
        let mut parts = self.parts();
        parts.status = Some(refused.status.as_u16());
        parts.retry_after = error::retry_after(&refused.form.refusal);
    }

    pub(super) fn set_nonce(&self, nonce: Option<String>) {
        self.parts().nonce = nonce.unwrap_or_default();
    }

    pub(super) fn nonce(&self) -> String {
        self.parts().nonce.clone()
    }

    pub(super) fn status(&self) -> Option<u16> {
        self.parts().status
    }

    pub(super) fn retry_after(&self) -> Option<HeaderValue> {
        self.parts().retry_after.clone()
    }

    pub(super) fn redirect(&self) -> Option<String> {
        self.parts().redirect.clone()
    }

    fn parts(&self) -> MutexGuard<'_, Parts> {
        self.0.lock().expect("no holder of this lock panics")
    }
}

/// Adds the visitor to those present. A moment later the page connects and the visitor is present; without this, the list
/// would change then.
fn with(mut present: Present, you: &Member) -> Present {
    let is_listed = present.members.len() == present.count as usize;
    if is_listed && present.members.len() < MAX_PRESENT_LISTED && !present.members.contains(you) {
        present.members.push(you.clone());
        present.members.sort_by_cached_key(|member| (member.name.to_lowercase(), member.id));
        present.count += 1;
    }
    present
}
