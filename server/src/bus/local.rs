//! The bus of a single server: a bounded queue from the commit thread to the hub.

use async_trait::async_trait;
use tokio::sync::{Mutex, mpsc};

use super::contract::{Bus, Notice};

/// Notices that may wait for the hub. The hub only appends and notifies, so that a full queue means a busy processor. The
/// commit thread then waits, and posts gather in larger commits.
const QUEUED_NOTICES: usize = 256;

/// A queue with one listener.
pub struct LocalBus {
    sender: mpsc::Sender<Notice>,
    receiver: Mutex<mpsc::Receiver<Notice>>,
}

impl Default for LocalBus {
    fn default() -> Self {
        let (sender, receiver) = mpsc::channel(QUEUED_NOTICES);
        Self { sender, receiver: Mutex::new(receiver) }
    }
}

#[async_trait]
impl Bus for LocalBus {
    async fn publish(&self, notice: Notice) {
        // Sending fails only when the receiver is gone, and this value holds both.
        let _ = self.sender.send(notice).await;
    }

    async fn next(&self) -> Option<Notice> {
        self.receiver.lock().await.recv().await
    }
}
