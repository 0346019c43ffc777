//! A server in the process of the test, on a port that the system chooses and with a data folder of its own.

use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use clap::Parser;
use hubbub::bus::LocalBus;
use hubbub::config::Config;
use hubbub::http::listener;
use hubbub::serve::{ServeError, serve};
use hubbub::store::Store;
use hubbub::store::sqlite::SqliteStore;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::PATIENCE;
use super::site::Site;

pub(crate) struct TestServer {
    site: Site,
    /// The server's store, for what no client can see or cause.
    pub(crate) store: Arc<dyn Store>,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<Result<(), ServeError>>,
    folder: TempDir,
}

impl Deref for TestServer {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.site
    }
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts a server with settings, as on the command line.
    pub(crate) async fn start_with(settings: &[&str]) -> Self {
        Self::start_on(tempfile::tempdir().expect("a folder"), settings).await
    }

    /// Starts a server on a data folder.
    pub(crate) async fn start_on(folder: TempDir, settings: &[&str]) -> Self {
        Self::start_over(folder, settings, |store| store).await
    }

    /// Starts a server over the store that `wrap` returns.
    pub(crate) async fn start_over(
        folder: TempDir,
        settings: &[&str],
        wrap: impl FnOnce(Arc<dyn Store>) -> Arc<dyn Store>,
    ) -> Self {
        let config = Config::parse_from(["hubbub"].iter().chain(settings));
        let store = wrap(Arc::new(SqliteStore::open(folder.path()).await.expect("the store opens")));
        let listener = listener::bind(([127, 0, 0, 1], 0).into()).expect("a free port");
        let site = Site { address: listener.local_addr().expect("an address") };
        let (stop, stopped) = oneshot::channel();
        let served = {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let told = async move { stopped.await.unwrap_or_default() };
                serve(&config, listener, store, Arc::new(LocalBus::default()), told).await
            })
        };
        Self { site, store, stop: Some(stop), served, folder }
    }

    /// The data folder.
    pub(crate) fn data(&self) -> &Path {
        self.folder.path()
    }

    /// Tells the server to stop, as SIGTERM does.
    pub(crate) fn tell_to_stop(&mut self) {
        self.stop.take();
    }

    /// Waits until the server has stopped. Returns its data folder and its outcome.
    pub(crate) async fn stopped(self) -> (TempDir, Result<(), ServeError>) {
        let outcome = timeout(PATIENCE, self.served).await.expect("it stops in time").expect("it doesn't panic");
        (self.folder, outcome)
    }

    /// Stops the server, and starts another one on the same data folder.
    pub(crate) async fn restart(mut self) -> Self {
        self.tell_to_stop();
        let (folder, outcome) = self.stopped().await;
        outcome.expect("it was told to stop");
        Self::start_on(folder, &[]).await
    }
}
