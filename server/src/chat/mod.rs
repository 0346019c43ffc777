//! The rules of the chat, one file a rule. Transports and pages call it; it calls the store and the bus, and knows nothing
//! of HTTP, sockets or connections.
//!
//! A lookup proves what a person may do, and returns the proof as a value: a [`Visitor`] has a session, and a
//! [`Membership`] allows the use of a room. The rules take these values as arguments.

#[expect(clippy::module_inception, reason = "the chat itself, beside its rules")]
mod chat;
mod commit;
mod counts;
mod decide;
mod membership;
mod operations;
mod queries;
mod rate_limiter;
mod rate_limits;
mod room_list;
mod rooms;
mod sessions;
mod shortcodes;
mod store_failure;
mod typing;

pub use crate::store::{PageQuery, RoomPage, TokenHash};
use chat::now;
pub use chat::{Chat, Rules};
pub use commit::Ack;
pub use decide::decide;
pub use membership::Membership;
pub use operations::PendingAck;
pub use queries::NewestPage;
pub use rate_limits::RateLimits;
pub use room_list::ListedRooms;
pub use sessions::{Token, Visitor};
use store_failure::refusal_of;
