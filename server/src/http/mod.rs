//! HTTP: what each path answers. It calls chat for what is done, hub for who is here, and hands sockets to transport.
//!
//! - [`router`]: the map of every path
//! - [`listener`]: connections in, requests out
//! - [`pages`] and [`door`]: pages, and what they may see of the server
//! - [`forms`]: what a page's forms do when there is no script
//! - [`visitor`], [`cookie`]: who asks
//! - [`origin`], [`address`]: where from
//! - [`assets`], [`headers`], [`health`]: the site's files, what every answer carries, is it well
//! - [`error`]: a refusal as a status

mod address;
mod assets;
mod cookie;
mod door;
mod error;
mod forms;
mod headers;
mod health;
pub mod listener;
mod origin;
mod pages;
mod router;
mod visitor;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use health::LastCheck;
pub use origin::PublicOrigin;
pub use router::router;

use crate::chat::Chat;
use crate::hub::Hub;
use crate::store::Store;

/// What every request may use.
pub struct Site {
    /// What is done.
    chat: Arc<Chat>,
    /// Who is here.
    hub: Arc<Hub>,
    /// Only asked whether it is well.
    store: Arc<dyn Store>,
    /// Where browsers find the site, if it isn't simply where they say: behind a proxy that speaks HTTPS for it.
    public_origin: Option<PublicOrigin>,
    /// Whose word about a client's address is taken.
    trusted_proxies: Vec<IpAddr>,
    is_stopping: AtomicBool,
    last_check: LastCheck,
}

impl Site {
    /// A site over a chat and who is there.
    #[must_use]
    pub fn new(
        chat: Arc<Chat>,
        hub: Arc<Hub>,
        store: Arc<dyn Store>,
        public_origin: Option<PublicOrigin>,
        trusted_proxies: Vec<IpAddr>,
    ) -> Arc<Self> {
        let is_stopping = AtomicBool::new(false);
        Arc::new(Self {
            chat,
            hub,
            store,
            public_origin,
            trusted_proxies,
            is_stopping,
            last_check: LastCheck::default(),
        })
    }

    /// From now on it isn't ready.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Release);
    }
}
