//! What `hubbub-bench transports` gives, as it is written to JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::ceiling::Ceiling;
use super::rate::{AtRate, Rate};
use super::settings::Settings;
use super::table;
use crate::crowd::Transport;
use crate::kernel::{Cores, Machine};
use crate::report::{Bound, Outcome, Target, target, unix_s};
use crate::server_process::Kind;

/// Long polling beside the WebSocket, by issue 3.
const MOST_TIMES_CPU: f64 = 2.0;

/// A server, and how it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Way {
    pub(super) kind: Kind,
    pub(super) transport: Transport,
}

impl Way {
    /// In the order in which they are measured and shown.
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

#[derive(Debug, Serialize)]
pub(super) struct OfWay {
    #[serde(flatten)]
    pub(super) way: Way,
    pub(super) kb_per_person: f64,
    pub(super) at: Vec<AtRate>,
}

#[derive(Serialize)]
pub(crate) struct Figures {
    pub(super) taken_at_unix_s: u64,
    pub(super) machine: Machine,
    pub(super) settings: Settings,
    pub(super) ways: Vec<OfWay>,
    pub(super) ceilings: Vec<Ceiling>,
    pub(super) faults: Vec<String>,
    pub(super) targets: Vec<Target>,
}

impl Figures {
    pub(super) fn new(settings: &Settings, cores: Cores) -> Self {
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

    /// Holds the figures against what is to be reached. To be called once all are there.
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

impl Outcome for Figures {
    fn name(&self) -> String {
        format!("transports-{}", self.taken_at_unix_s)
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        table::print(self, out)
    }

    fn is_good(&self) -> bool {
        self.faults.is_empty()
    }
}
