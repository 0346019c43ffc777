//! The rules of the chat, one file a rule. Transports and pages call it; it calls store and bus, and knows nothing of
//! HTTP, sockets or who is connected.
//!
//! What someone may do is proved once, by looking it up, and carried as a value: a [`Visitor`] has a live session, a
//! [`Membership`] may use a room. What can't be reached can't be named.

mod commit;
mod history;
mod membership;
mod pace;
mod post;
mod rooms;
mod sessions;
mod typing;

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub use commit::Ack;
pub use history::Page;
use hubbub_protocol::{Refusal, UnixMillis};
pub use membership::Membership;
pub use post::PendingAck;
pub use sessions::{Token, Visitor};

use crate::bus::Bus;
use crate::store::{Store, StoreError};
use commit::Committer;
use pace::Pace;

/// What can be set about the rules.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// How long a session lives that nobody uses.
    pub session_lifetime: Duration,
    /// Posts a person may make in a minute; 0 means any number.
    pub posts_per_minute: u32,
}

/// The chat. Everything in it is shared; clone the `Arc` around it.
pub struct Chat {
    store: Arc<dyn Store>,
    bus: Arc<dyn Bus>,
    committer: Committer,
    pace: Pace,
    rules: Rules,
}

impl Chat {
    /// A chat over a store and a bus. Starts the task that commits posts.
    #[must_use]
    pub fn start(store: Arc<dyn Store>, bus: Arc<dyn Bus>, rules: Rules) -> Arc<Self> {
        let committer = Committer::start(Arc::clone(&store), Arc::clone(&bus));
        Arc::new(Self { store, bus, committer, pace: Pace::new(rules.posts_per_minute), rules })
    }

    /// Resolves if the store fails in such a way that nobody knows what is stored: the process must stop.
    pub async fn broken(&self) -> String {
        self.committer.broken().await
    }

    /// Refuses new posts, and finishes those that were accepted. Called once, when everyone is gone.
    pub async fn finish(&self) {
        self.committer.finish().await;
    }
}

/// The server's clock, for display.
fn now() -> UnixMillis {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixMillis(u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX))
}

/// What someone is told when the store fails. The details are for the log, once, here.
fn refusal_of(error: &StoreError) -> Refusal {
    tracing::error!(%error, "the store failed");
    match error {
        StoreError::Full => Refusal::ReadOnly,
        StoreError::Broken(_) => Refusal::UnknownOutcome,
        StoreError::Failed(_) => Refusal::Internal,
    }
}
