//! The state that HTTP handlers share. Created once, by `serve`.

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

/// The parts of the server that handlers call, and the settings that handlers need.
pub struct Site {
    /// The rules of the chat.
    pub(super) chat: Arc<Chat>,
    /// The connections, and the rooms that they follow.
    pub(super) hub: Arc<Hub>,
    /// The tabs that poll.
    pub(super) tabs: Arc<Tabs>,
    /// The store, only for `/readyz`.
    pub(super) store: Arc<dyn Store>,
    /// The origin under which browsers open the site. None: the origin is `http://` and the request's `Host`.
    pub(super) public_origin: Option<PublicOrigin>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub(super) trusted_proxies: Vec<IpAddr>,
    is_stopping: watch::Sender<bool>,
    pub(super) store_check: StoreCheck,
    pub(super) probes: Probes,
    pub(super) held_refusals: HeldRefusals,
}

impl Site {
    /// Creates a site that is ready.
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

    /// Makes `/readyz` fail from now on, and ends the refusals that are held open.
    pub fn stop(&self) {
        self.is_stopping.send_replace(true);
    }

    /// Whether [`Site::stop`] was called.
    pub(super) fn is_stopping(&self) -> bool {
        *self.is_stopping.borrow()
    }

    /// Waits until [`Site::stop`] is called.
    pub(super) async fn stopping(&self) {
        // Waiting fails only when the sender is gone, and `self` holds it.
        let _ = self.is_stopping.subscribe().wait_for(|is_stopping| *is_stopping).await;
    }
}
