//! A bound on refusals that are held open. The frame of a browser without script reloads when its response ends, so the
//! response of a refusal ends late. Each such response holds a connection. Made by `site`, used by `log`.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The most refusals that are held open at a time, for all clients together. Further refusals end at once.
const MAX_HELD: usize = 256;

/// The refusals that are held open now.
pub(super) struct HeldRefusals(Arc<Semaphore>);

impl Default for HeldRefusals {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MAX_HELD)))
    }
}

impl HeldRefusals {
    /// Returns a permit to hold one more refusal open, as long as the permit exists; None if there are too many.
    pub(super) fn hold(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0).try_acquire_owned().ok()
    }
}
