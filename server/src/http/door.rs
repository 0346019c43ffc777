//! The app's one door to the server while a page is rendered: what this visitor may see, and what the page answers.

use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use axum::http::HeaderValue;
use hubbub_app::backend::{Backend, RefusedForm, RoomLine, RoomPage};
use hubbub_protocol::limits::MAX_PRESENT_LISTED;
use hubbub_protocol::{Member, Refusal, RoomInfo, Slug};

use super::pages::Occasion;
use super::{Site, assets, error, forms};
use crate::chat::Membership;
use crate::hub::Present;

/// [`Backend`] for one request.
pub(super) struct ServerDoor {
    site: Arc<Site>,
    occasion: Occasion,
    answer: Arc<Answer>,
}

/// What a page answers besides its text.
#[derive(Default)]
pub(super) struct Answer(Mutex<AnswerParts>);

#[derive(Default)]
struct AnswerParts {
    status: Option<u16>,
    retry_after: Option<HeaderValue>,
    redirect: Option<String>,
    nonce: String,
}

impl ServerDoor {
    pub(super) fn new(site: Arc<Site>, occasion: Occasion, answer: Arc<Answer>) -> Self {
        if let Some(form) = &occasion.refused_form {
            answer.refuse(form.refusal());
        }
        Self { site, occasion, answer }
    }

    async fn read_room(&self, slug: Slug) -> Result<RoomPage, Refusal> {
        let visitor = self.occasion.visitor.as_ref().ok_or(Refusal::SignedOut)?;
        let (membership, room) = self.site.chat.membership_by_slug(visitor, &slug).await?;
        self.page_of(&membership, room).await
    }

    async fn page_of(&self, membership: &Membership, room: RoomInfo) -> Result<RoomPage, Refusal> {
        let rooms = self.site.chat.rooms().await?;
        let page = self.site.chat.newest_page(membership).await?;
        let you = membership.member().clone();
        let present = with(self.site.hub.present(room.id), &you);
        Ok(RoomPage {
            you,
            rooms,
            room,
            epoch: page.epoch,
            head: page.head,
            events: page.events,
            present_count: present.count,
            present: present.members,
            form_id: forms::fresh_message_id(),
            refused_form: self.occasion.refused_form.clone(),
        })
    }
}

#[async_trait]
impl Backend for ServerDoor {
    fn visitor(&self) -> Option<Member> {
        self.occasion.visitor.as_ref().map(|visitor| (**visitor.member()).clone())
    }

    fn refused_form(&self) -> Option<RefusedForm> {
        self.occasion.refused_form.clone()
    }

    fn wanted_room(&self) -> Option<Slug> {
        self.occasion.wanted_room.clone()
    }

    async fn rooms(&self) -> Result<Vec<RoomLine>, Refusal> {
        let rooms = self.site.chat.rooms_with_last_event().await?;
        Ok(rooms.into_iter().map(|(room, last)| RoomLine { room, last }).collect())
    }

    async fn room(&self, slug: Slug) -> Result<RoomPage, Refusal> {
        // The page says what was refused, and the answer when to ask again.
        self.read_room(slug).await.inspect_err(|refusal| self.answer.parts().retry_after = error::retry_after(refusal))
    }

    fn set_status(&self, status: u16) {
        self.answer.parts().status = Some(status);
    }

    fn redirect(&self, to: &str) {
        self.answer.parts().redirect = Some(to.to_owned());
    }

    fn asset_root(&self) -> String {
        assets::root().to_owned()
    }
}

impl Answer {
    fn refuse(&self, refusal: &Refusal) {
        let mut parts = self.parts();
        parts.status = Some(error::status_of(refusal).as_u16());
        parts.retry_after = error::retry_after(refusal);
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

    fn parts(&self) -> MutexGuard<'_, AnswerParts> {
        self.0.lock().expect("no holder of this lock panics")
    }
}

/// Whoever looks at a room's page is about to be in it: counted at once, the list doesn't jump a moment later.
fn with(mut present: Present, you: &Member) -> Present {
    let is_listed = present.members.len() == present.count as usize;
    if is_listed && present.members.len() < MAX_PRESENT_LISTED && !present.members.contains(you) {
        present.members.push(you.clone());
        present.members.sort_by_cached_key(|member| (member.name.to_lowercase(), member.id));
        present.count += 1;
    }
    present
}
