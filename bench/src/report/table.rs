//! Prints a report: a table of the servers, the figures that only Hubbub has, and the targets.

use std::io::{self, Write};

use super::figures::{HubbubFigures, Report, Round, median};
use super::outcome::Outcome;
use super::target::{Bound, Target};
use crate::scenario::opening::{N_LONG, N_SHORT};
use crate::scenario::rooms::{N_PEOPLE_EACH, N_ROOMS};
use crate::server_process::Kind;

/// A run is disturbed when other processes take more than this share of the server's core. The kernel's threads that write
/// commits to the disk stay well below it.
const MOST_FOR_OTHERS: f64 = 0.1;

impl Outcome for Report {
    fn name(&self) -> String {
        self.taken_at_unix_s.to_string()
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        print(self, out)
    }

    /// No delivery was lost, doubled, swapped or foreign.
    fn is_good(&self) -> bool {
        self.n_faults == 0 && self.failures.is_empty()
    }
}

fn print(report: &Report, out: &mut impl Write) -> io::Result<()> {
    servers(report, out)?;
    rooms_and_storms(report, out)?;
    if let Some(figures) = &report.hubbub {
        only_hubbub(figures, out)?;
    }
    targets(&report.targets, out)?;
    disturbance(report.others_busy(), out)?;
    faults(report, out)
}

/// Prints a warning when other processes took too much of the server's core.
pub(crate) fn disturbance(others_busy: f64, out: &mut impl Write) -> io::Result<()> {
    if others_busy > MOST_FOR_OTHERS {
        let percent = others_busy * 100.0;
        writeln!(out, "\nOTHER PROCESSES took up to {percent:.0} % of the server's core: close them and run again.")?;
    }
    Ok(())
}

fn servers(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let settings = &report.settings;
    writeln!(
        out,
        "\n{} receivers in one room, texts of {} bytes, {} senders with one in flight each; one core for the server, \
         one for the generator; medians of {} rounds\n",
        settings.receivers, settings.message_bytes, settings.senders, settings.rounds
    )?;
    writeln!(
        out,
        "| server | deliveries/s, saturated | × Node ws | CPU µs each | generator busy | deliveries/s, one in flight | CPU µs each \
         | × floor | p50 / p99 ms | KB idle |"
    )?;
    writeln!(out, "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")?;
    for kind in report.servers.iter().map(|server| server.kind) {
        let rounds = |kind| report.rounds(kind);
        let saturated = |round: &Round| round.posts.saturated.deliveries_per_s;
        let lone_cpu = |round: &Round| round.posts.lone.cost.cpu_us_per_delivery;
        writeln!(
            out,
            "| {} | {} | {} | {} | {} % | {} | {} | {} | {} / {} | {} |",
            kind.name(),
            grouped(median(rounds(kind), saturated)),
            decimal(report.beside(kind, Kind::NodeWs, saturated), 1),
            decimal(median(rounds(kind), |round| round.posts.saturated.cpu_us_per_delivery), 3),
            decimal(median(rounds(kind), |round| round.posts.saturated.generator_busy) * 100.0, 0),
            grouped(median(rounds(kind), |round| round.posts.lone.cost.deliveries_per_s)),
            decimal(median(rounds(kind), lone_cpu), 2),
            decimal(report.beside(kind, Kind::Floor, lone_cpu), 2),
            decimal(median(rounds(kind), |round| round.posts.lone.latency.p50_ms), 2),
            decimal(median(rounds(kind), |round| round.posts.lone.latency.p99_ms), 2),
            decimal(report.idle(kind).map_or(f64::NAN, |idle| idle.memory.kb_each), 1),
        )?;
    }
    Ok(())
}

/// A figure with so many decimals, or a dash if it was not measured.
fn decimal(figure: f64, decimals: usize) -> String {
    if figure.is_nan() { "–".to_owned() } else { format!("{figure:.decimals$}") }
}

/// Prints the figures that some of the servers have.
fn rooms_and_storms(report: &Report, out: &mut impl Write) -> io::Result<()> {
    writeln!(out)?;
    for server in &report.servers {
        let name = server.kind.name();
        if let Some(rooms) = &server.rooms {
            let (posts, cpu) = (grouped(rooms.posts_per_s), rooms.cpu_us_per_post);
            writeln!(out, "{N_ROOMS} rooms of {N_PEOPLE_EACH}: {posts} posts/s, {cpu:.1} µs CPU each: {name}")?;
        }
        if let Some(storm) = &server.storm {
            let (n, seconds, cpu) = (storm.n_connections, storm.all_back_after_s, storm.cpu_us_each);
            writeln!(out, "{n} connections come back: {seconds:.2} s, {cpu:.0} µs CPU each: {name}")?;
        }
    }
    if let Some(opening) = &report.opening {
        let (long, short) = (grouped(f64::from(N_LONG)), grouped(f64::from(N_SHORT)));
        let (long_us, short_us) = (opening.long_us, opening.short_us);
        writeln!(out, "Opening a room of {long} messages: {long_us:.0} µs; of {short}: {short_us:.0} µs")?;
    }
    Ok(())
}

fn only_hubbub(figures: &HubbubFigures, out: &mut impl Write) -> io::Result<()> {
    let (durable, handshakes) = (&figures.durable, &figures.handshakes);
    writeln!(
        out,
        "\nDurable operations: {}/s from {} senders, {:.1} µs CPU each, generator {:.0} % busy",
        grouped(durable.cost.posts_per_s),
        durable.n_senders,
        durable.cost.cpu_us_per_post,
        durable.cost.generator_busy * 100.0
    )?;
    if let Some(half) = &figures.half_of_saturation {
        writeln!(
            out,
            "At half of saturation: {} deliveries/s, latency p50 {:.2} ms, p99 {:.2} ms, server {:.0} % busy",
            grouped(half.cost.deliveries_per_s),
            half.latency.p50_ms,
            half.latency.p99_ms,
            half.cost.server_busy * 100.0
        )?;
    }
    writeln!(
        out,
        "{} handshakes at once: {:.0} ms, {} failed, {} listen overflows, {} drops",
        handshakes.n_at_once,
        handshakes.took_ms,
        handshakes.n_failed,
        handshakes.listen_failures.overflows,
        handshakes.listen_failures.drops
    )?;
    let Some(first_load) = &figures.first_load else { return Ok(()) };
    writeln!(out, "First load of a room: {} bytes", first_load.total_bytes)?;
    for part in &first_load.parts {
        writeln!(out, "  {:>7}  {}  {}", part.bytes, part.encoding.as_deref().unwrap_or("as it is"), part.path)?;
    }
    Ok(())
}

/// Prints the targets and whether they are reached.
pub(crate) fn targets(targets: &[Target], out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\n| target | reached | asked | |\n| --- | ---: | ---: | --- |")?;
    for target in targets {
        let (sign, bound) = match target.bound {
            Bound::AtLeast(least) => ('≥', least),
            Bound::AtMost(most) => ('≤', most),
        };
        let verdict = if target.is_met { "met" } else { "MISSED" };
        let reached =
            if target.reached >= 1_000.0 { grouped(target.reached) } else { format!("{:.2}", target.reached) };
        writeln!(out, "| {} | {reached} {} | {sign} {bound} {} | {verdict} |", target.what, target.unit, target.unit)?;
    }
    Ok(())
}

fn faults(report: &Report, out: &mut impl Write) -> io::Result<()> {
    for failure in &report.failures {
        writeln!(out, "\nNOT MEASURED: {failure}")?;
    }
    if report.n_faults == 0 {
        return writeln!(out, "\nEvery receiver got every message, once and in order.");
    }
    writeln!(out, "\n{} FAULTS, among them:", report.n_faults)?;
    report.faults.iter().try_for_each(|fault| writeln!(out, "  {fault}"))
}

/// Formats a figure as 1,234,567 instead of 1234567.
pub(crate) fn grouped(figure: f64) -> String {
    let digits = decimal(figure, 0);
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            ["1", "123", "1,234", "1,234,567"].map(str::to_owned),
            [1.0, 123.4, 1_234.0, 1_234_567.0].map(grouped)
        );
    }
}
