//! The figures of the connection panel.

use hubbub_protocol::Seq;

/// What this page has sent and received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traffic {
    pub(crate) received: FrameCount,
    pub(crate) sent: FrameCount,
    /// Connections opened after the first.
    pub(crate) n_reconnects: usize,
    /// How long the last ping took.
    pub(crate) round_trip_ms: Option<u64>,
    /// The name of each room that is followed, and the seq up to which it is known.
    pub(crate) heads: Vec<(String, Seq)>,
}

/// Frames of one direction. What HTTP or WebSocket adds around a frame is not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FrameCount {
    pub(crate) n_frames: usize,
    pub(crate) n_bytes: usize,
}

impl FrameCount {
    /// Counts one frame.
    pub(crate) fn add(&mut self, n_bytes: usize) {
        self.n_frames += 1;
        self.n_bytes += n_bytes;
    }
}
