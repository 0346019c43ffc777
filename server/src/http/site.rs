//! What every handler may use. Made once, by `serve`.

use std::net::IpAddr;
use std::sync::Arc;

use tokio::sync::watch;

use super::held_refusals::HeldRefusals;
use super::probe::Probes;
use super::public_origin::PublicOrigin;
use super::store_check::StoreCheck;
use crate::chat::Chat;
use crate::hub::Hub;
use crate::store::Store;
use crate::transport::poll::Tabs;

/// The parts of the server that handlers call, and the settings that they follow.
pub struct Site {
    /// The rules of the chat.
    pub(super) chat: Arc<Chat>,
    /// The connections, and the rooms that they follow.
    pub(super) hub: Arc<Hub>,
    /// The tabs that poll.
    pub(super) tabs: Arc<Tabs>,
    /// Only for `/readyz`.
    pub(super) store: Arc<dyn Store>,
    /// Where browsers find the site; None if that is the address that they name in `Host`, over HTTP.
    pub(super) public_origin: Option<PublicOrigin>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub(super) trusted_proxies: Vec<IpAddr>,
    is_stopping: watch::Sender<bool>,
    pub(super) store_check: StoreCheck,
    pub(super) probes: Probes,
    pub(super) held_refusals: HeldRefusals,
}

impl Site {
    /// A site that is ready.
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
            store_check: StoreCheck::default(),
            probes: Probes::default(),
            held_refusals: HeldRefusals::default(),
        })
    }

    /// From now on the site isn't ready.
    pub fn stop(&self) {
        self.is_stopping.send_replace(true);
    }

    pub(super) fn is_stopping(&self) -> bool {
        *self.is_stopping.borrow()
    }

    /// Waits until the site is no longer ready.
    pub(super) async fn stopping(&self) {
        // Waiting fails only when the sender is gone, and `self` holds it.
        let _ = self.is_stopping.subscribe().wait_for(|is_stopping| *is_stopping).await;
    }
}
