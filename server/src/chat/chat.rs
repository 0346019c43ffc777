//! The chat: what its rules share. Each rule is an `impl` of its own, in a file of its own.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hubbub_protocol::UnixMillis;

use super::commit::Committer;
use super::rate_limits::{RateLimiters, RateLimits};
use crate::bus::Bus;
use crate::store::Store;

/// What can be set about the rules.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// How long a session lives that nobody uses.
    pub session_lifetime: Duration,
    /// How often a person and an address may act.
    pub rate_limits: RateLimits,
}

/// The chat. Everything in it is shared; clone the `Arc` around it.
pub struct Chat {
    pub(super) store: Arc<dyn Store>,
    pub(super) bus: Arc<dyn Bus>,
    pub(super) committer: Committer,
    pub(super) limiters: RateLimiters,
    pub(super) rules: Rules,
}

impl Chat {
    /// A chat over a store and a bus. Starts the thread that commits posts.
    #[must_use]
    pub fn start(store: Arc<dyn Store>, bus: Arc<dyn Bus>, rules: Rules) -> Arc<Self> {
        let committer = Committer::start(Arc::clone(&store), Arc::clone(&bus));
        Arc::new(Self { store, bus, committer, limiters: RateLimiters::new(rules.rate_limits), rules })
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
pub(super) fn now() -> UnixMillis {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixMillis(u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX))
}
