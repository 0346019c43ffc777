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
            report.beside(Kind::Hubbub, Kind::NodeWs, |round| round.posts.saturated.deliveries_per_s),
            "×",
            Bound::AtLeast(38.0),
        ),
        target(
            "CPU of a lone message, beside the floor",
            report.beside(Kind::Hubbub, Kind::Floor, |round| round.posts.lone.cost.cpu_us_per_delivery),
            "×",
            Bound::AtMost(1.3),
        ),
        target(
            "saturated with edits and reactions, beside posts alone",
            report.operations_beside_posts(|fan_out| fan_out.saturated.deliveries_per_s),
            "×",
            Bound::AtLeast(0.9),
        ),
        target(
            "CPU of a lone message with edits and reactions, beside posts alone",
            report.operations_beside_posts(|fan_out| fan_out.lone.cost.cpu_us_per_delivery),
            "×",
            Bound::AtMost(1.1),
        ),
    ];
    if let (Some(rooms), Some(floor)) = (report.rooms(Kind::Hubbub), report.rooms(Kind::Floor)) {
        let beside = rooms.cpu_us_per_post / floor.cpu_us_per_post;
        targets.push(target("CPU of a post in small rooms, beside the floor", beside, "×", Bound::AtMost(1.6)));
    }
    if let Some(opening) = &report.opening {
        let beside = opening.long_us / opening.short_us;
        targets.push(target("opening a room of 1,000,000 messages, beside 1,000", beside, "×", Bound::AtMost(1.2)));
    }
    if let Some(storm) = report.storm(Kind::Hubbub) {
        targets.push(target("CPU of a connection that resumes", storm.cpu_us_each, "µs", Bound::AtMost(200.0)));
        targets.push(target("all have resumed within", storm.all_back_after_s, "s", Bound::AtMost(3.0)));
    }
    if let Some(idle) = report.idle(Kind::Hubbub) {
        targets.push(target("memory of an idle connection", idle.memory.kb_each, "KB", Bound::AtMost(5.0)));
    }
    if let Some(hubbub) = &report.hubbub {
        let failures = hubbub.handshakes.listen_failures;
        let half_p99_ms = hubbub.half_of_saturation.as_ref().map_or(f64::NAN, |half| half.latency.p99_ms);
        let kb = hubbub.first_load.as_ref().map_or(f64::NAN, |load| load.total_bytes as f64 / 1000.0);
        targets.extend([
            target("durable operations", hubbub.durable.cost.posts_per_s, "/s", Bound::AtLeast(30_000.0)),
            target("p99 at half of saturation", half_p99_ms, "ms", Bound::AtMost(20.0)),
            target("handshakes at once that failed", hubbub.handshakes.n_failed as f64, "", Bound::AtMost(0.0)),
            target("listen overflows", (failures.overflows + failures.drops) as f64, "", Bound::AtMost(0.0)),
            target("first load of a room, brotli", kb, "KB", Bound::AtMost(170.0)),
        ]);
    }
    // A figure that was not measured has no verdict.
    targets.retain(|target| !target.is_unmeasured());
    targets
}
