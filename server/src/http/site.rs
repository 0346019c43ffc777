//! What every request may use. Made once, by `serve`.

use std::net::IpAddr;
use std::sync::Arc;

use tokio::sync::watch;

use super::PublicOrigin;
use super::health::LastCheck;
use super::log::Refused;
use super::probe::Probes;
use crate::chat::Chat;
use crate::hub::Hub;
use crate::store::Store;
use crate::transport::poll::Tabs;

/// See the module.
pub struct Site {
    /// What is done.
    pub(super) chat: Arc<Chat>,
    /// Who is here.
    pub(super) hub: Arc<Hub>,
    /// Who polls.
    pub(super) tabs: Arc<Tabs>,
    /// Only asked whether it is well.
    pub(super) store: Arc<dyn Store>,
    /// Where browsers find the site, if it isn't simply where they say: behind a proxy that speaks HTTPS for it.
    pub(super) public_origin: Option<PublicOrigin>,
    /// Whose word about a client's address is taken.
    pub(super) trusted_proxies: Vec<IpAddr>,
    is_stopping: watch::Sender<bool>,
    pub(super) last_check: LastCheck,
    pub(super) probes: Probes,
    pub(super) refused: Refused,
}

impl Site {
    /// A site over a chat and who is there.
    #[must_use]
    pub fn new(
        chat: Arc<Chat>,
        hub: Arc<Hub>,
        tabs: Arc<Tabs>,
        store: Arc<dyn Store>,
        public_origin: Option<PublicOrigin>,
        trusted_proxies: Vec<IpAddr>,
    ) -> Arc<Self> {
        Arc::new(Self {
            chat,
            hub,
            tabs,
            store,
            public_origin,
            trusted_proxies,
            is_stopping: watch::Sender::new(false),
            last_check: LastCheck::default(),
            probes: Probes::default(),
            refused: Refused::default(),
        })
    }

    /// From now on it isn't ready.
    pub fn stop(&self) {
        self.is_stopping.send_replace(true);
    }

    pub(super) fn is_stopping(&self) -> bool {
        *self.is_stopping.borrow()
    }

    /// Waits until it is no longer ready.
    pub(super) async fn stopping(&self) {
        // Waiting fails only when the sender is gone, and `self` holds it.
        let _ = self.is_stopping.subscribe().wait_for(|is_stopping| *is_stopping).await;
    }
}
