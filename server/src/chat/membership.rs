//! Rule: who may use a room. Every room is public, so that everybody with a session may use every room.

use std::sync::Arc;

use hubbub_protocol::{Member, Refusal, RoomId, RoomInfo, Slug};

use super::rate_limits::Actor;
use super::{Chat, Visitor, refusal_of};
use crate::network::Network;

/// Proof that a member may use a room. Only a lookup creates one.
#[derive(Clone, Debug)]
pub struct Membership {
    member: Arc<Member>,
    network: Network,
    room: RoomId,
}

impl Membership {
    /// Returns the member.
    #[must_use]
    pub fn member(&self) -> &Member {
        &self.member
    }

    pub(super) fn actor(&self) -> Actor {
        Actor { member: self.member.id, network: self.network }
    }

    /// Returns the room.
    #[must_use]
    pub const fn room(&self) -> RoomId {
        self.room
    }
}

impl Chat {
    /// Looks up a room by its number for a visitor. Counts as a read.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] if there is no such room or the visitor may not use it, [`Refusal::RateLimited`], and the store's.
    pub async fn membership(&self, visitor: &Visitor, room: RoomId) -> Result<Membership, Refusal> {
        self.limiters.take_read(visitor.actor())?;
        let exists = self.room_list.has(&*self.store, room).await.map_err(|error| refusal_of(&error))?;
        if exists { Ok(prove(visitor, room)) } else { Err(Refusal::NotFound) }
    }

    /// Looks up a room by its name in a URL for a visitor. Counts as a read.
    ///
    /// # Errors
    /// As [`Chat::membership`].
    pub async fn membership_by_slug(&self, visitor: &Visitor, slug: &Slug) -> Result<(Membership, RoomInfo), Refusal> {
        self.limiters.take_read(visitor.actor())?;
        let found = self.store.room_by_slug(slug).await.map_err(|error| refusal_of(&error))?;
        let room = found.ok_or(Refusal::NotFound)?;
        Ok((prove(visitor, room.id), room))
    }
}

fn prove(visitor: &Visitor, room: RoomId) -> Membership {
    Membership { member: Arc::clone(visitor.member()), network: visitor.actor().network, room }
}
