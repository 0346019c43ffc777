//! The targets of `make bench`, and whether a report reaches them. The run calls it once all figures are in the report.

use super::figures::Report;
use super::target::{Bound, Target, target};
use crate::server_process::Kind;

impl Report {
    /// Holds the figures against the targets. Call it when all figures are there.
    pub(crate) fn judge(&mut self) {
        self.targets = goals(self);
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn goals(report: &Report) -> Vec<Target> {
    let mut targets = vec![
        target(
            "saturated, durable, beside Node ws",
            report.beside(Kind::Hubbub, Kind::NodeWs, |round| round.saturated.deliveries_per_s),
            "×",
            Bound::AtLeast(38.0),
        ),
        target(
            "CPU of a lone message, beside the floor",
            report.beside(Kind::Hubbub, Kind::Floor, |round| round.lone.cost.cpu_us_per_delivery),
            "×",
            Bound::AtMost(1.3),
        ),
    ];
    if let Some(idle) = report.idle(Kind::Hubbub) {
        targets.push(target("memory of an idle connection", idle.memory.kb_each, "KB", Bound::AtMost(5.0)));
    }
    if let Some(hubbub) = &report.hubbub {
        let failures = hubbub.handshakes.listen_failures;
        let kb = hubbub.first_load.as_ref().map_or(f64::NAN, |load| load.total_bytes as f64 / 1000.0);
        targets.extend([
            target("durable posts", hubbub.durable.cost.posts_per_s, "/s", Bound::AtLeast(30_000.0)),
            target("p99 at half of saturation", hubbub.half_of_saturation.latency.p99_ms, "ms", Bound::AtMost(20.0)),
            target("handshakes at once that failed", hubbub.handshakes.n_failed as f64, "", Bound::AtMost(0.0)),
            target("listen overflows", (failures.overflows + failures.drops) as f64, "", Bound::AtMost(0.0)),
            target("first load of a room, brotli", kb, "KB", Bound::AtMost(155.0)),
        ]);
    }
    // A figure that was not measured has no verdict.
    targets.retain(|target| !target.is_unmeasured());
    targets
}
