//! Builds, starts and stops the server. `main` and the tests call it, each with a store and a bus.

use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::bus::Bus;
use crate::chat::{Chat, RateLimits, Rules};
use crate::config::Config;
use crate::http::{self, Site};
use crate::hub::{Caps, Hub};
use crate::store::Store;
use crate::transport::poll::Tabs;

/// The longest time for all connections to end. All timeouts together let the process exit within 25 s.
const CONNECTIONS_TIMEOUT: Duration = Duration::from_secs(12);
/// The longest time for the requests in progress to finish.
const REQUESTS_TIMEOUT: Duration = Duration::from_secs(5);
/// The longest time for the commits in progress and for closing the store. After the timeout, the state is that of a
/// crash: messages without an ack may be stored or not.
const STORE_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a server stopped although `shutdown` has not resolved.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The store can't be trusted any more.
    #[error("the store failed during a commit, so what is stored is unknown: {0}")]
    StoreBroken(String),
}

/// Serves until `shutdown` resolves. Then sends `bye` to every client, commits the accepted posts and closes the store.
///
/// # Errors
/// [`ServeError`] if it stops for another reason.
pub async fn serve(
    config: &Config,
    listener: TcpListener,
    store: Arc<dyn Store>,
    bus: Arc<dyn Bus>,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let caps = Caps { per_member: config.sockets_per_person, per_address: config.sockets_per_address };
    let rate_limits = RateLimits {
        posts_per_minute: config.posts_per_minute,
        changes_per_minute: config.changes_per_minute,
        reads_per_minute: config.reads_per_minute,
        polls_per_minute: config.polls_per_minute,
        people_per_address: config.people_per_address,
        sessions_per_address: config.sessions_per_address,
    };
    let rules = Rules { session_lifetime: config.session_lifetime(), rate_limits };
    let hub = Hub::new(Arc::clone(&store), caps);
    let chat = Chat::start(Arc::clone(&store), Arc::clone(&bus), rules);
    let tabs = Tabs::start(Arc::clone(&chat), Arc::clone(&hub), config.longest_wait());
    let site = Site::new(
        Arc::clone(&chat),
        Arc::clone(&hub),
        Arc::clone(&tabs),
        Arc::clone(&store),
        config.public_origin.clone(),
        config.trusted_proxies.clone(),
    );
    let listening = {
        let hub = Arc::clone(&hub);
        tokio::spawn(async move { hub.listen(&*bus).await })
    };

    let (stop_sender, stop) = tokio::sync::oneshot::channel::<()>();
    let service = http::service(Arc::clone(&site));
    let requests = tokio::spawn(http::listener::serve(listener, service, async move {
        // Dropping the sender stops the listener, as sending would.
        let _ = stop.await;
    }));

    let outcome = tokio::select! {
        () = shutdown => Ok(()),
        why = chat.broken() => Err(ServeError::StoreBroken(why)),
    };

    tracing::info!("stopping");
    site.stop();
    drop(stop_sender);
    hub.connections.shut_down();
    tabs.forget_ended();
    if timeout(CONNECTIONS_TIMEOUT, hub.connections.all_closed()).await.is_err() {
        tracing::warn!("some connections did not end in time");
    }
    if timeout(REQUESTS_TIMEOUT, requests).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
    let finished = async {
        chat.finish().await;
        store.close().await;
    };
    if timeout(STORE_TIMEOUT, finished).await.is_err() {
        tracing::warn!("the store did not close in time; it will recover when it is next opened");
    }
    listening.abort();
    outcome
}
