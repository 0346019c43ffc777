//! The state that the rules of the chat share. Each rule is an `impl Chat` in a file of its own.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hubbub_protocol::UnixMillis;

use super::commit::Committer;
use super::rate_limits::{RateLimiters, RateLimits};
use super::room_list::RoomList;
use crate::bus::Bus;
use crate::store::Store;

/// The settings of the rules.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// How long an unused session lives.
    pub session_lifetime: Duration,
    /// How often a person and an address may act.
    pub rate_limits: RateLimits,
}

/// The rules of the chat, over a store and a bus. Shared by all transports in an `Arc`.
pub struct Chat {
    pub(super) store: Arc<dyn Store>,
    pub(super) bus: Arc<dyn Bus>,
    pub(super) room_list: Arc<RoomList>,
    pub(super) committer: Committer,
    pub(super) limiters: RateLimiters,
    pub(super) rules: Rules,
}

impl Chat {
    /// Creates the chat, and starts the thread that commits operations.
    #[must_use]
    pub fn start(store: Arc<dyn Store>, bus: Arc<dyn Bus>, rules: Rules) -> Arc<Self> {
        let room_list = Arc::default();
        let committer = Committer::start(Arc::clone(&store), Arc::clone(&bus), Arc::clone(&room_list));
        Arc::new(Self { store, bus, room_list, committer, limiters: RateLimiters::new(rules.rate_limits), rules })
    }

    /// Resolves with the reason if a failed commit left unknown what is stored. The process must then stop.
    pub async fn broken(&self) -> String {
        self.committer.broken().await
    }

    /// Refuses new operations, and commits those that were accepted. Called once, after all connections have ended.
    pub async fn finish(&self) {
        self.committer.finish().await;
    }
}

/// Returns the time by the server's clock, for display.
pub(super) fn now() -> UnixMillis {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixMillis(u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX))
}
