//! How much the memory of a server grows by a crowd. Scenarios call it once all connections are open and quiet.

use anyhow::Result;
use serde::Serialize;

use crate::crowd::Crowd;
use crate::server_process::Server;

/// Resident memory, in KB of 1,024 bytes.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Growth {
    pub(crate) memory_before_kb: f64,
    pub(crate) memory_after_kb: f64,
    pub(crate) kb_each: f64,
}

impl Growth {
    /// The growth since the server had no crowd and this much memory.
    #[expect(clippy::cast_precision_loss, reason = "bytes of memory and counts, far below 2^52")]
    pub(crate) fn since(before_bytes: u64, server: &Server, crowd: &Crowd) -> Result<Self> {
        let kb = |bytes: u64| bytes as f64 / 1024.0;
        let (before, after) = (kb(before_bytes), kb(server.memory_bytes()?));
        Ok(Self {
            memory_before_kb: before,
            memory_after_kb: after,
            kb_each: (after - before) / crowd.n_receivers() as f64,
        })
    }

    pub(crate) fn grown_kb(&self) -> f64 {
        self.memory_after_kb - self.memory_before_kb
    }
}
