//! The rules of the chat, one file a rule. Transports and pages call it; it calls store and bus, and knows nothing of
//! HTTP, sockets or who is connected.
//!
//! What someone may do is proved once, by looking it up, and carried as a value: a [`Visitor`] has a live session, a
//! [`Membership`] may use a room. What can't be reached can't be named.

#[expect(clippy::module_inception, reason = "the chat itself, beside its rules")]
mod chat;
mod commit;
mod counts;
mod history;
mod membership;
mod post;
mod rate_limiter;
mod rate_limits;
mod rooms;
mod sessions;
mod store_failure;
mod typing;

pub use crate::store::TokenHash;
use chat::now;
pub use chat::{Chat, Rules};
pub use commit::Ack;
pub use history::Page;
pub use membership::Membership;
pub use post::PendingAck;
pub use rate_limits::RateLimits;
pub use sessions::{Token, Visitor};
use store_failure::refusal_of;
