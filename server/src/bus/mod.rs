//! The doorbell between nodes: what is committed on one reaches the hub of every one. Chat publishes, the hub
//! listens; the bus knows neither a rule nor a row. A notice may be lost on the way: the log is the truth.

mod local;

use async_trait::async_trait;
use hubbub_protocol::{Event, Member, RoomId, RoomInfo};
pub use local::LocalBus;

/// What a bus carries.
#[derive(Clone, Debug)]
pub enum Notice {
    /// Events of one room, committed together, in order of seq and without a hole between them.
    Committed {
        /// The room.
        room: RoomId,
        /// Never empty.
        events: Vec<Event>,
    },
    /// Someone is typing.
    Typing {
        /// The room.
        room: RoomId,
        /// Who.
        by: Member,
    },
    /// A room was created.
    RoomAdded(RoomInfo),
}

/// A way for notices to reach every node's hub, this one's included.
#[async_trait]
pub trait Bus: Send + Sync + 'static {
    /// Hands a notice over. It waits while the bus is full, which holds back the writer and nobody else; a bus that
    /// is down drops the notice.
    async fn publish(&self, notice: Notice);
    /// The next notice, in the order published by any one node; `None` once the bus is closed.
    async fn next(&self) -> Option<Notice>;
}
