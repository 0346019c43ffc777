//! Rule: a typing hint is sent to everybody in the room, and not stored.

use super::{Chat, Membership};
use crate::bus::Notice;

impl Chat {
    /// Sends the hint that a member is typing.
    pub async fn typing(&self, membership: &Membership) {
        self.bus.publish(Notice::Typing { room: membership.room(), by: membership.member().clone() }).await;
    }
}
