//! What `hubbub-bench transports` gives, as it is written to JSON.

use serde::Serialize;

use super::ceiling::Ceiling;
use super::rate::{Rate, RateFigures};
use super::settings::TransportSettings;
use crate::crowd::Transport;
use crate::kernel::{Cores, Machine};
use crate::report::{Bound, Target, target, unix_s};
use crate::server_process::Kind;

/// How many times the CPU time of a WebSocket long polling may take. hyper serves the polls like all other requests.
const MOST_TIMES_CPU: f64 = 3.0;

/// A server and a transport.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Way {
    pub(super) kind: Kind,
    pub(super) transport: Transport,
}

impl Way {
    /// All of them, in the order in which they are measured and shown.
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
            (Kind::Threads, _) => "A thread each",
            (Kind::Processes, _) => "A process each",
            (Kind::Hubbub | Kind::NodeWs | Kind::Floor, _) => self.kind.name(),
        }
    }
}

/// The figures of one way.
#[derive(Debug, Serialize)]
pub(super) struct WayFigures {
    #[serde(flatten)]
    pub(super) way: Way,
    pub(super) kb_per_person: f64,
    pub(super) at: Vec<RateFigures>,
}

/// All figures of the run.
#[derive(Serialize)]
pub(crate) struct TransportReport {
    pub(super) taken_at_unix_s: u64,
    pub(super) machine: Machine,
    pub(super) settings: TransportSettings,
    pub(super) ways: Vec<WayFigures>,
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
            ways: Vec::new(),
            ceilings: Vec::new(),
            faults: Vec::new(),
            targets: Vec::new(),
        }
    }

    /// Holds the figures against the target. Call it when all figures are there.
    pub(super) fn judge(&mut self) {
        let cpu = |transport| {
            let way = self.ways.iter().find(|of| of.way.kind == Kind::Hubbub && of.way.transport == transport);
            let at = way.and_then(|of| of.at.iter().find(|at| at.rate == Rate::OneASecond));
            at.map_or(f64::NAN, |at| at.cost.cpu_us_per_person_per_s)
        };
        let times = cpu(Transport::LongPolling) / cpu(Transport::WebSocket);
        let what = "CPU of long polling beside WebSocket, one a second";
        self.targets = vec![target(what, times, "×", Bound::AtMost(MOST_TIMES_CPU))];
    }

    /// The largest share of the server's core that others took while something was measured.
    pub(super) fn others_busy(&self) -> f64 {
        self.ways.iter().flat_map(|of| &of.at).map(|at| at.cost.others_busy).fold(0.0, f64::max)
    }
}
