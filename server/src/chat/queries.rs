//! Rule: what a member may ask about a room. A member may read all messages of a room, and the earlier texts of their own
//! messages.

use hubbub_protocol::codec::{KeptEnd, fit_page, fit_reactors, fit_revisions};
use hubbub_protocol::limits::{MAX_REACTORS_LISTED, PAGE_MESSAGES};
use hubbub_protocol::{Answer, Epoch, MessageId, Page, Query, Refusal, Revision};

use super::{Chat, Membership, refusal_of};
use crate::store::{PageQuery, RoomPage};

/// The newest page of a room.
#[derive(Clone, Debug)]
pub struct NewestPage {
    /// The epoch of the store.
    pub epoch: Epoch,
    /// The state of the room, and its newest messages.
    pub page: RoomPage,
}

impl Chat {
    /// Answers a query. A refusal is an answer too. Counts as a read.
    pub async fn answer(&self, membership: &Membership, query: Query) -> Answer {
        let answer = match query {
            Query::Before(seq) => self.page(membership, PageQuery::Before(seq), KeptEnd::Newest).await,
            Query::After(seq) => self.page(membership, PageQuery::After(seq), KeptEnd::Oldest).await,
            Query::Around(message) => self.page_around(membership, message).await,
            Query::Messages(messages) => self.named(membership, messages).await,
            Query::Replies { to, after } => {
                self.page(membership, PageQuery::Replies { to, after }, KeptEnd::Oldest).await
            }
            Query::Reactions(message) => self.reactors(membership, message).await,
            Query::Revisions(message) => self.revisions(membership, message).await.map(|mut revisions| {
                fit_revisions(&mut revisions);
                Answer::Revisions(revisions)
            }),
            Query::Unknown => Err(Refusal::UnknownType),
        };
        answer.unwrap_or_else(Answer::Refused)
    }

    /// Returns the epoch of the store.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.store.epoch()
    }

    /// Returns the newest page. Counts as a read.
    ///
    /// # Errors
    /// [`Refusal::RateLimited`], and the store's.
    pub async fn newest_page(&self, membership: &Membership) -> Result<NewestPage, Refusal> {
        let page = self.read(membership, PageQuery::Newest).await?;
        Ok(NewestPage { epoch: self.epoch(), page })
    }

    /// Returns a page for a reader without script. Counts as a read.
    ///
    /// # Errors
    /// [`Refusal::RateLimited`], and the store's.
    pub async fn read_page(&self, membership: &Membership, query: PageQuery) -> Result<Page, Refusal> {
        Ok(self.read(membership, query).await?.page)
    }

    /// Returns the earlier texts of an own message, the oldest first. Counts as a read.
    ///
    /// # Errors
    /// [`Refusal::NoSuchMessage`], [`Refusal::NotYours`], [`Refusal::RateLimited`], and the store's.
    pub async fn revisions(&self, membership: &Membership, message: MessageId) -> Result<Vec<Revision>, Refusal> {
        let page = self.read_page(membership, PageQuery::Messages(vec![message])).await?;
        let message = page.messages.first().ok_or(Refusal::NoSuchMessage)?;
        if message.by.id != membership.member().id {
            return Err(Refusal::NotYours);
        }
        self.store.revisions(membership.room(), message.id).await.map_err(|error| refusal_of(&error))
    }

    async fn page(&self, membership: &Membership, query: PageQuery, kept: KeptEnd) -> Result<Answer, Refusal> {
        let mut page = self.read_page(membership, query).await?;
        fit_page(&mut page, kept);
        Ok(Answer::Page(page))
    }

    async fn page_around(&self, membership: &Membership, message: MessageId) -> Result<Answer, Refusal> {
        let mut page = self.read_page(membership, PageQuery::Around(message)).await?;
        let place = page.messages.iter().position(|other| other.id == message).ok_or(Refusal::NoSuchMessage)?;
        fit_page(&mut page, KeptEnd::Around(place));
        Ok(Answer::Page(page))
    }

    async fn named(&self, membership: &Membership, messages: Vec<MessageId>) -> Result<Answer, Refusal> {
        if messages.len() > PAGE_MESSAGES {
            return Err(Refusal::BadFrame);
        }
        self.page(membership, PageQuery::Messages(messages), KeptEnd::Oldest).await
    }

    async fn reactors(&self, membership: &Membership, message: MessageId) -> Result<Answer, Refusal> {
        self.limiters.take_read(membership.actor())?;
        let reactors = self.store.reactors(membership.room(), message, MAX_REACTORS_LISTED).await;
        let mut reactors = reactors.map_err(|error| refusal_of(&error))?;
        fit_reactors(&mut reactors);
        Ok(Answer::Reactions(reactors))
    }

    async fn read(&self, membership: &Membership, query: PageQuery) -> Result<RoomPage, Refusal> {
        self.limiters.take_read(membership.actor())?;
        let page = self.store.page(membership.room(), membership.member().id, query).await;
        page.map_err(|error| refusal_of(&error))?.ok_or(Refusal::NotFound)
    }
}
