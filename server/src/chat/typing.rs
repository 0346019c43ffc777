//! Rule: that someone is typing is told to whoever is in the room, and kept by nobody.

use super::{Chat, Membership};
use crate::bus::Notice;

impl Chat {
    /// Tells the room that a member is typing.
    pub async fn typing(&self, membership: &Membership) {
        self.bus.publish(Notice::Typing { room: membership.room(), by: membership.member().clone() }).await;
    }
}
