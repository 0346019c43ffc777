//! The result of `hubbub-bench transports`, which is written as JSON.

use serde::Serialize;

use super::ceiling::Ceiling;
use super::rate::{Rate, RateFigures};
use super::settings::TransportSettings;
use crate::crowd::Transport;
use crate::kernel::{Cores, Machine};
use crate::report::{Bound, Target, target, unix_s};
use crate::server_process::Kind;

/// The most CPU time of long polling, as a multiple of a WebSocket's. hyper serves polls like all other requests.
const MAX_CPU_RATIO: f64 = 3.0;

/// A server and a transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct MeasuredTransport {
    pub(super) kind: Kind,
    pub(super) transport: Transport,
}

impl MeasuredTransport {
    /// All measured transports, in the order of the run and of the tables.
    pub(super) const ALL: [Self; 5] = [
        Self { kind: Kind::Hubbub, transport: Transport::WebSocket },
        Self { kind: Kind::Hubbub, transport: Transport::LongPolling },
        Self { kind: Kind::Hubbub, transport: Transport::Polling },
        Self { kind: Kind::Threads, transport: Transport::Stream },
        Self { kind: Kind::Processes, transport: Transport::Stream },
    ];

    pub(super) fn name(self) -> &'static str {
        match (self.kind, self.transport) {
            (Kind::Hubbub, Transport::WebSocket) => "WebSocket",
            (Kind::Hubbub, Transport::LongPolling) => "Long polling",
            (Kind::Hubbub, Transport::Polling) => "Polling, every 5 s",
            (Kind::Threads, _) => "Thread per client",
            (Kind::Processes, _) => "Process per client",
            (Kind::Hubbub | Kind::NodeWs | Kind::Floor, _) => self.kind.name(),
        }
    }
}

/// The figures of one transport.
#[derive(Debug, Serialize)]
pub(super) struct TransportFigures {
    #[serde(flatten)]
    pub(super) measured: MeasuredTransport,
    pub(super) kb_per_person: f64,
    pub(super) at: Vec<RateFigures>,
}

/// All figures of the run.
#[derive(Serialize)]
pub(crate) struct TransportReport {
    pub(super) taken_at_unix_s: u64,
    pub(super) machine: Machine,
    pub(super) settings: TransportSettings,
    pub(super) transports: Vec<TransportFigures>,
    pub(super) ceilings: Vec<Ceiling>,
    pub(super) faults: Vec<String>,
    pub(super) targets: Vec<Target>,
}

impl TransportReport {
    pub(super) fn new(settings: &TransportSettings, cores: Cores) -> Self {
        Self {
            taken_at_unix_s: unix_s(),
            machine: Machine::describe(cores),
            settings: settings.clone(),
            transports: Vec::new(),
            ceilings: Vec::new(),
            faults: Vec::new(),
            targets: Vec::new(),
        }
    }

    /// Compares the figures with the target. Call it when all figures are measured.
    pub(super) fn judge(&mut self) {
        let cpu = |transport| {
            let figures = self
                .transports
                .iter()
                .find(|of| of.measured.kind == Kind::Hubbub && of.measured.transport == transport);
            let at = figures.and_then(|of| of.at.iter().find(|at| at.rate == Rate::OneASecond));
            at.map_or(f64::NAN, |at| at.cost.cpu_us_per_person_per_s)
        };
        let ratio = cpu(Transport::LongPolling) / cpu(Transport::WebSocket);
        let what = "CPU of long polling beside WebSocket, one a second";
        self.targets = vec![target(what, ratio, "×", Bound::AtMost(MAX_CPU_RATIO))];
    }

    /// The largest share of the server's core that others took while something was measured.
    pub(super) fn others_busy(&self) -> f64 {
        self.transports.iter().flat_map(|of| &of.at).map(|at| at.cost.others_busy).fold(0.0, f64::max)
    }
}
