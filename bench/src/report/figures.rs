//! The figures of a run, as they are written to JSON. Medians and ratios are calculated where they are printed.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

use super::target::Target;
use crate::checker::Fault;
use crate::cost::Cost;
use crate::kernel::Machine;
use crate::scenario::first_load::FirstLoad;
use crate::scenario::handshakes::Handshakes;
use crate::scenario::idle::Idle;
use crate::scenario::lone::Latency;
use crate::scenario::opening::Opening;
use crate::scenario::rooms::Rooms;
use crate::scenario::storm::ResumeStorm;
use crate::server_process::Kind;
use crate::settings::Settings;

/// How many faults are kept. Further faults are only counted.
const MAX_NAMED_FAULTS: usize = 20;

/// All figures of a run.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(super) taken_at_unix_s: u64,
    machine: Machine,
    pub(super) settings: Settings,
    pub(super) servers: Vec<ServerFigures>,
    pub(crate) hubbub: Option<HubbubFigures>,
    pub(crate) opening: Option<Opening>,
    pub(super) n_faults: usize,
    pub(super) faults: Vec<String>,
    /// What could not be measured, with the reason.
    pub(super) failures: Vec<String>,
    pub(super) targets: Vec<Target>,
}

/// The figures that every server has.
#[derive(Debug, Serialize)]
pub(super) struct ServerFigures {
    pub(super) kind: Kind,
    pub(super) rounds: Vec<Round>,
    pub(super) rooms: Option<Rooms>,
    pub(super) storm: Option<ResumeStorm>,
    pub(super) idle: Option<Idle>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Round {
    #[serde(flatten)]
    pub(crate) posts: FanOut,
    /// The same with edits and reactions among the posts; None at servers that only relay.
    pub(crate) operations: Option<FanOut>,
}

/// Messages to all receivers: as many as the server takes, and one at a time.
#[derive(Debug, Serialize)]
pub(crate) struct FanOut {
    pub(crate) saturated: Cost,
    pub(crate) lone: Lone,
}

#[derive(Debug, Serialize)]
pub(crate) struct Lone {
    #[serde(flatten)]
    pub(crate) cost: Cost,
    #[serde(flatten)]
    pub(crate) latency: Latency,
}

/// The figures that only Hubbub has.
#[derive(Debug, Serialize)]
pub(crate) struct HubbubFigures {
    pub(crate) durable: Durable,
    /// The latency at half of the saturated rate. None if no round measured that rate.
    pub(crate) half_of_saturation: Option<Paced>,
    pub(crate) handshakes: Handshakes,
    pub(crate) first_load: Option<FirstLoad>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Durable {
    pub(crate) n_senders: usize,
    #[serde(flatten)]
    pub(crate) cost: Cost,
}

#[derive(Debug, Serialize)]
pub(crate) struct Paced {
    #[serde(flatten)]
    pub(crate) cost: Cost,
    #[serde(flatten)]
    pub(crate) latency: Latency,
}

impl Report {
    pub(crate) fn new(machine: Machine, settings: Settings) -> Self {
        Self {
            taken_at_unix_s: unix_s(),
            machine,
            settings,
            servers: Vec::new(),
            hubbub: None,
            opening: None,
            n_faults: 0,
            faults: Vec::new(),
            failures: Vec::new(),
            targets: Vec::new(),
        }
    }

    pub(crate) fn add_round(&mut self, kind: Kind, round: Round) {
        self.server(kind).rounds.push(round);
    }

    pub(crate) fn add_idle(&mut self, kind: Kind, idle: Idle) {
        self.server(kind).idle = Some(idle);
    }

    pub(crate) fn add_rooms(&mut self, kind: Kind, rooms: Rooms) {
        self.server(kind).rooms = Some(rooms);
    }

    pub(crate) fn add_storm(&mut self, kind: Kind, storm: ResumeStorm) {
        self.server(kind).storm = Some(storm);
    }

    pub(crate) fn add_faults(&mut self, kind: Kind, faults: Vec<Fault>) {
        self.n_faults += faults.len();
        let room = MAX_NAMED_FAULTS.saturating_sub(self.faults.len());
        self.faults.extend(faults.into_iter().take(room).map(|fault| format!("{}: {fault}", kind.name())));
    }

    pub(crate) fn rounds(&self, kind: Kind) -> &[Round] {
        self.servers.iter().find(|server| server.kind == kind).map_or(&[], |server| &server.rounds)
    }

    /// The ratio of a figure of two servers: the median of the rounds' ratios. The speed of many machines changes from one
    /// moment to the next, and changes least within a round.
    pub(crate) fn beside(&self, kind: Kind, peer: Kind, figure: impl Fn(&Round) -> f64) -> f64 {
        let rounds = self.rounds(kind).iter().zip(self.rounds(peer));
        middle(rounds.map(|(round, beside)| figure(round) / figure(beside)).collect())
    }

    /// The ratio of a figure of Hubbub with edits and reactions among the posts and without: the median of the rounds' ratios.
    pub(super) fn operations_beside_posts(&self, figure: impl Fn(&FanOut) -> f64) -> f64 {
        let rounds = self.rounds(Kind::Hubbub).iter();
        middle(rounds.filter_map(|round| Some(figure(round.operations.as_ref()?) / figure(&round.posts))).collect())
    }

    pub(crate) fn add_failure(&mut self, failure: String) {
        self.failures.push(failure);
    }

    /// The largest share of the server's core that others took while something was measured.
    pub(super) fn others_busy(&self) -> f64 {
        let rounds = self.servers.iter().flat_map(|server| &server.rounds);
        let in_rounds = rounds.flat_map(|round| [round.posts.saturated, round.posts.lone.cost]);
        let only_hubbub = self.hubbub.iter().flat_map(|only| {
            std::iter::once(only.durable.cost).chain(only.half_of_saturation.as_ref().map(|half| half.cost))
        });
        in_rounds.chain(only_hubbub).map(|cost| cost.others_busy).fold(0.0, f64::max)
    }

    pub(super) fn idle(&self, kind: Kind) -> Option<&Idle> {
        self.figures(kind)?.idle.as_ref()
    }

    pub(super) fn storm(&self, kind: Kind) -> Option<&ResumeStorm> {
        self.figures(kind)?.storm.as_ref()
    }

    pub(super) fn rooms(&self, kind: Kind) -> Option<&Rooms> {
        self.figures(kind)?.rooms.as_ref()
    }

    fn figures(&self, kind: Kind) -> Option<&ServerFigures> {
        self.servers.iter().find(|server| server.kind == kind)
    }

    fn server(&mut self, kind: Kind) -> &mut ServerFigures {
        let place = self.servers.iter().position(|server| server.kind == kind).unwrap_or(self.servers.len());
        if place == self.servers.len() {
            self.servers.push(ServerFigures { kind, rounds: Vec::new(), rooms: None, storm: None, idle: None });
        }
        &mut self.servers[place]
    }
}

/// Seconds since 1970. Runs are named after them.
pub(crate) fn unix_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// The median of a figure over some rounds.
pub(crate) fn median(rounds: &[Round], figure: impl Fn(&Round) -> f64) -> f64 {
    middle(rounds.iter().map(figure).collect())
}

/// The median; the upper one of the two in the middle if their number is even.
fn middle(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
