//! The bus of a server that is alone: a bounded queue from its writer to its hub.

use async_trait::async_trait;
use tokio::sync::{Mutex, mpsc};

use super::{Bus, Notice};

/// Commits that may wait for the hub. The hub only appends and rings, so a full queue means a busy processor: the
/// writer then waits, and its posts gather in larger commits.
const QUEUED_NOTICES: usize = 256;

/// See the module.
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
