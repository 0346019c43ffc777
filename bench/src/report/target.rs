//! What Hubbub is to reach (issue 2, "Speed"), and whether it did. The table prints it; missing a target doesn't fail
//! a run, since machines differ.

use serde::Serialize;

use super::figures::Report;
use crate::server_process::Kind;

#[derive(Debug, Serialize)]
pub(crate) struct Target {
    pub(super) what: String,
    pub(super) reached: f64,
    pub(super) unit: &'static str,
    #[serde(flatten)]
    pub(super) bound: Bound,
    pub(super) is_met: bool,
}

impl Target {
    /// Whether what it asks for was not measured.
    pub(crate) fn is_unmeasured(&self) -> bool {
        self.reached.is_nan()
    }
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
pub(super) fn targets(report: &Report) -> Vec<Target> {
    let mut targets = vec![
        target(
            "saturated, durable, beside Node ws",
            report.beside(Kind::Hubbub, Kind::NodeWs, |round| round.saturated.deliveries_per_s),
            "×",
            Bound::AtLeast(25.0),
        ),
        target(
            "CPU of a lone message, beside the floor",
            report.beside(Kind::Hubbub, Kind::Floor, |round| round.lone.cost.cpu_us_per_delivery),
            "×",
            Bound::AtMost(1.3),
        ),
    ];
    if let Some(idle) = report.idle(Kind::Hubbub) {
        targets.push(target("memory of an idle connection", idle.memory.kb_each, "KB", Bound::AtMost(6.0)));
    }
    if let Some(hubbub) = &report.hubbub {
        let failures = hubbub.handshakes.listen_failures;
        let kb = hubbub.first_load.as_ref().map_or(f64::NAN, |load| load.total_bytes as f64 / 1000.0);
        targets.extend([
            target("durable posts", hubbub.durable.cost.posts_per_s, "/s", Bound::AtLeast(20_000.0)),
            target("p99 at half of saturation", hubbub.half_of_saturation.latency.p99_ms, "ms", Bound::AtMost(20.0)),
            target("handshakes at once that failed", hubbub.handshakes.n_failed as f64, "", Bound::AtMost(0.0)),
            target("listen overflows", (failures.overflows + failures.drops) as f64, "", Bound::AtMost(0.0)),
            target("first load of a room, brotli", kb, "KB", Bound::AtMost(120.0)),
        ]);
    }
    // What was not measured has no figure, and no verdict either.
    targets.retain(|target| !target.is_unmeasured());
    targets
}

pub(crate) fn target(what: impl Into<String>, reached: f64, unit: &'static str, bound: Bound) -> Target {
    let is_met = match bound {
        Bound::AtLeast(least) => reached >= least,
        Bound::AtMost(most) => reached <= most,
    };
    Target { what: what.into(), reached, unit, bound, is_met }
}
