//! How connections hear that the server stops, and how it hears that they have ended. Made by `listener`; whoever holds
//! a [`Stop`] is waited for.

use tokio::sync::watch;

/// Tells the connections.
pub(in crate::http) struct Stopper(watch::Sender<bool>);

/// Held by each connection for as long as it has something to finish.
#[derive(Clone)]
pub(in crate::http) struct Stop(watch::Receiver<bool>);

impl Stopper {
    pub(in crate::http) fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    pub(in crate::http) fn watch(&self) -> Stop {
        Stop(self.0.subscribe())
    }

    /// Tells them, and waits until all have ended.
    pub(in crate::http) async fn stop(self) {
        self.0.send_replace(true);
        self.0.closed().await;
    }
}

impl Stop {
    pub(in crate::http) fn is_told(&self) -> bool {
        *self.0.borrow()
    }

    /// Resolves when it is told, at once if it was. Cancel safe.
    pub(in crate::http) async fn stopped(&mut self) {
        // A stopper that is gone says the same.
        let _ = self.0.wait_for(|is_told| *is_told).await;
    }
}
