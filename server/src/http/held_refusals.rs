//! A bound on refusals that are held open. The frame of a browser without script asks again when its response ends, so a
//! refusal ends late; many of them would hold many connections. Made by `site`, used by `log`.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Refusals that are held at a time, for anyone. Further ones end at once.
const MAX_HELD: usize = 256;

/// The refusals that are held open now.
pub(super) struct HeldRefusals(Arc<Semaphore>);

impl Default for HeldRefusals {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MAX_HELD)))
    }
}

impl HeldRefusals {
    /// Returns a permit to hold one more, for as long as the permit lives; None if there are too many.
    pub(super) fn hold(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0).try_acquire_owned().ok()
    }
}
