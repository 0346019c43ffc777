//! What `hubbub-bench idle` gives: the figures as they are written to JSON, and the table that is printed.

use std::io::{self, Write};

use serde::Serialize;

use super::Waiting;
use super::settings::Settings;
use crate::checker::Fault;
use crate::crowd::Transport;
use crate::kernel::{Cores, Machine};
use crate::report::{Bound, Outcome, Target, disturbance, grouped, target, targets, unix_s};

/// What may be held for each where there are [`MANY`] or more (issue 3, part 8, and part 1 for a request that waits). Among
/// fewer, what a server takes once for all of them (the code that they run, the room, the database's pages) weighs as much
/// as they do.
const MOST_KB_WEBSOCKET: f64 = 6.0;
const MOST_KB_WAITING: f64 = 10.0;
/// What a core may spend on so many that are idle, in percent.
const MOST_IDLE_PERCENT: f64 = 1.0;
const MANY: usize = 10_000;
/// A straight line: above [`MANY`], one connection more takes at most so many times what it takes below.
const MOST_GROWTH: f64 = 1.2;

/// One number of connections over one transport.
#[derive(Serialize)]
pub(super) struct Size {
    #[serde(flatten)]
    pub(super) waiting: Waiting,
    pub(super) storm: Storm,
}

/// What the same number takes when all come at once, to another fresh server.
#[derive(Serialize)]
pub(super) struct Storm {
    all_in_after_s: f64,
    listen_overflows: u64,
    kb_each: f64,
}

impl From<Waiting> for Storm {
    fn from(after: Waiting) -> Self {
        let Waiting { all_in_after_s, listen_overflows, memory, .. } = after;
        Self { all_in_after_s, listen_overflows, kb_each: memory.kb_each }
    }
}

#[derive(Serialize)]
pub(crate) struct Figures {
    pub(super) taken_at_unix_s: u64,
    machine: Machine,
    settings: Settings,
    most_descriptors: u64,
    pub(super) sizes: Vec<Size>,
    faults: Vec<String>,
    targets: Vec<Target>,
}

impl Figures {
    pub(super) fn new(settings: &Settings, cores: Cores, most_descriptors: u64) -> Self {
        Self {
            taken_at_unix_s: unix_s(),
            machine: Machine::describe(cores),
            settings: settings.clone(),
            most_descriptors,
            sizes: Vec::new(),
            faults: Vec::new(),
            targets: Vec::new(),
        }
    }

    pub(super) fn add_faults(&mut self, waiting: &Waiting, faults: &[Fault]) {
        let what = format!("{} × {}", waiting.n_connections, waiting.transport.name());
        self.faults.extend(faults.iter().map(|fault| format!("{what}: {fault}")));
    }

    /// Holds the figures against what is to be reached. To be called once all are there.
    pub(super) fn judge(&mut self) {
        let all = || self.sizes.iter().map(|size| &size.waiting);
        let of = |transport| all().filter(move |waiting| waiting.transport == transport);
        let many = |transport| of(transport).filter(|waiting| waiting.n_connections >= MANY);
        let most_kb = |transport| many(transport).map(|waiting| waiting.memory.kb_each).fold(f64::NAN, f64::max);
        let growth = |transport| {
            let (fewest, many, most) = (of(transport).next(), many(transport).next(), of(transport).next_back());
            one_more(many, most) / one_more(fewest, many)
        };
        let idle = all().filter(|waiting| waiting.n_connections == MANY);
        let idle = idle.map(|waiting| waiting.idle.server_busy * 100.0).fold(f64::NAN, f64::max);
        let kinds = [
            (Transport::WebSocket, "WebSocket", MOST_KB_WEBSOCKET),
            (Transport::LongPolling, "waiting poll", MOST_KB_WAITING),
            (Transport::LongPollingHttp2, "waiting poll over HTTP/2", MOST_KB_WAITING),
        ];
        let memory = kinds.map(|(transport, one, bound)| {
            let what = format!("memory of a {one}, of 10,000 and more");
            target(what, most_kb(transport), "KB", Bound::AtMost(bound))
        });
        let line = kinds.map(|(transport, one, _)| {
            let what = format!("one {one} more above 10,000, beside one more below");
            target(what, growth(transport), "×", Bound::AtMost(MOST_GROWTH))
        });
        let idle = target("a core, with 10,000 idle", idle, "%", Bound::AtMost(MOST_IDLE_PERCENT));
        let mut targets: Vec<_> = memory.into_iter().chain([idle]).chain(line).collect();
        // What was not measured has no figure, and no verdict either.
        targets.retain(|target| !target.is_unmeasured());
        self.targets = targets;
    }
}

impl Outcome for Figures {
    fn name(&self) -> String {
        format!("idle-{}", self.taken_at_unix_s)
    }

    fn is_good(&self) -> bool {
        self.faults.is_empty()
    }

    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(
            out,
            "\nConnections of {} people in one room, watched for {} s, then told one message of {} bytes; and once more, opened all at the same moment; \
             one core for the server, one for the generator; {} descriptors allowed\n",
            self.settings.people,
            self.settings.seconds,
            self.settings.message_bytes,
            grouped(self.most_descriptors as f64)
        )?;
        table(&self.sizes, out)?;
        targets(&self.targets, out)?;
        let others = self.sizes.iter().map(|size| size.waiting.idle.others_busy);
        disturbance(others.fold(0.0, f64::max), out)?;
        if self.faults.is_empty() {
            return writeln!(out, "\nEvery connection got the message, once.");
        }
        writeln!(out, "\nFAULTS:")?;
        self.faults.iter().try_for_each(|fault| writeln!(out, "  {fault}"))
    }
}

/// Over what, and how many share a connection if any do.
fn way(waiting: &Waiting) -> String {
    let name = waiting.transport.name();
    match waiting.n_asks_per_connection {
        1 => name.to_owned(),
        n_asks => format!("{name}, {n_asks} to a connection"),
    }
}

/// Memory for one connection more, in KB, between two numbers of them. Not a number where they are the same.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn one_more(fewer: Option<&Waiting>, more: Option<&Waiting>) -> f64 {
    let (Some(fewer), Some(more)) = (fewer, more) else { return f64::NAN };
    (more.memory.grown_kb() - fewer.memory.grown_kb()) / (more.n_connections as f64 - fewer.n_connections as f64)
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn table(sizes: &[Size], out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "| transport | who wait | KB each | a core, idle | the last has it after | a storm is in within | listen overflows \
         | KB each after it |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    )?;
    for Size { waiting: one, storm } in sizes {
        writeln!(
            out,
            "| {} | {} | {:.1} | {:.2} % | {:.1} ms | {:.2} s | {} | {:.1} |",
            way(one),
            grouped(one.n_connections as f64),
            one.memory.kb_each,
            one.idle.server_busy * 100.0,
            one.last_has_it_ms,
            storm.all_in_after_s,
            storm.listen_overflows,
            storm.kb_each
        )?;
    }
    Ok(())
}
