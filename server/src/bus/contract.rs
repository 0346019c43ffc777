//! What a bus is: the trait that each one implements, and what it carries.

use async_trait::async_trait;
use hubbub_protocol::{Change, Member, RoomId, RoomInfo};

/// What happened on one node, for the hubs of all nodes.
#[derive(Clone, Debug)]
pub enum Notice {
    /// Changes of one room that were committed together: contiguous, oldest first.
    Committed {
        /// The room.
        room: RoomId,
        /// Never empty.
        changes: Vec<Change>,
    },
    /// A member is typing.
    Typing {
        /// The room.
        room: RoomId,
        /// The member.
        by: Member,
    },
    /// A room was created, or has another name or topic.
    RoomChanged(RoomInfo),
}

/// Carries notices to the hub of every node, including this one.
#[async_trait]
pub trait Bus: Send + Sync + 'static {
    /// Sends a notice. Waits while the bus is full, which holds back the commit thread only. A bus that is down drops the
    /// notice.
    async fn publish(&self, notice: Notice);
    /// Returns the next notice; None once the bus is closed. Notices of one node come in the order of publishing.
    async fn next(&self) -> Option<Notice>;
}
