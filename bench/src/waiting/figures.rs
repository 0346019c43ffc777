//! The figures of `hubbub-bench idle`, as they are written to JSON and printed.

use std::io::{self, Write};

use serde::Serialize;

use super::WaitingFigures;
use super::settings::WaitingSettings;
use crate::checker::Fault;
use crate::crowd::Transport;
use crate::kernel::{Cores, Machine};
use crate::report::{Bound, Outcome, Target, disturbance, grouped, target, targets, unix_s};

/// Memory for each connection where there are [`MANY`] or more. Among fewer, the memory that a server takes once for all of
/// them (code, the room, the database's pages) is as large as theirs. What hyper needs for a waiting request is most of the
/// second figure.
const MOST_KB_WEBSOCKET: f64 = 6.0;
const MOST_KB_WAITING: f64 = 32.0;
/// CPU time for [`MANY`] idle connections, in percent of a core.
const MOST_IDLE_PERCENT: f64 = 1.0;
const MANY: usize = 10_000;
/// How many times the memory of one more connection below [`MANY`] one more above it may take: memory grows in a straight
/// line.
const MOST_GROWTH: f64 = 1.2;

/// The figures of one number of connections over one transport.
#[derive(Serialize)]
pub(super) struct Size {
    #[serde(flatten)]
    pub(super) waiting: WaitingFigures,
    pub(super) storm: Storm,
}

/// The figures of the same number of connections that are all opened at once, to another fresh server.
#[derive(Serialize)]
pub(super) struct Storm {
    all_in_after_s: f64,
    listen_overflows: u64,
    kb_each: f64,
}

impl From<WaitingFigures> for Storm {
    fn from(after: WaitingFigures) -> Self {
        let WaitingFigures { all_in_after_s, listen_overflows, memory, .. } = after;
        Self { all_in_after_s, listen_overflows, kb_each: memory.kb_each }
    }
}

#[derive(Serialize)]
pub(crate) struct WaitingReport {
    pub(super) taken_at_unix_s: u64,
    machine: Machine,
    settings: WaitingSettings,
    most_descriptors: u64,
    pub(super) sizes: Vec<Size>,
    faults: Vec<String>,
    targets: Vec<Target>,
}

impl WaitingReport {
    pub(super) fn new(settings: &WaitingSettings, cores: Cores, most_descriptors: u64) -> Self {
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

    pub(super) fn add_faults(&mut self, waiting: &WaitingFigures, faults: &[Fault]) {
        let what = format!("{} × {}", waiting.n_connections, waiting.transport.name());
        self.faults.extend(faults.iter().map(|fault| format!("{what}: {fault}")));
    }

    /// Holds the figures against the targets. Call it when all figures are there.
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
        // A figure that was not measured has no verdict.
        targets.retain(|target| !target.is_unmeasured());
        self.targets = targets;
    }
}

impl Outcome for WaitingReport {
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

/// The name of the transport, and how many polls share a connection if any do.
fn transport_name(waiting: &WaitingFigures) -> String {
    let name = waiting.transport.name();
    match waiting.n_polls_per_connection {
        1 => name.to_owned(),
        n_polls => format!("{name}, {n_polls} to a connection"),
    }
}

/// Memory of one more connection, in KB, between two numbers of connections. NaN if both are the same.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn one_more(fewer: Option<&WaitingFigures>, more: Option<&WaitingFigures>) -> f64 {
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
            transport_name(one),
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
