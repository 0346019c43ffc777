//! Prints the figures of the transports as Markdown tables, for the terminal and for docs/transports.md.

use std::io::{self, Write};

use super::figures::TransportReport;
use crate::report::{Outcome, disturbance, grouped, targets};

impl Outcome for TransportReport {
    fn name(&self) -> String {
        format!("transports-{}", self.taken_at_unix_s)
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        print(self, out)
    }

    fn is_good(&self) -> bool {
        self.faults.is_empty()
    }
}

fn print(figures: &TransportReport, out: &mut impl Write) -> io::Result<()> {
    writeln!(out)?;
    tables(figures, out)?;
    targets(&figures.targets, out)?;
    disturbance(figures.others_busy(), out)?;
    if figures.faults.is_empty() {
        return writeln!(out, "\nEveryone got every message, once and in order.");
    }
    writeln!(out, "\n{} FAULTS, among them:", figures.faults.len())?;
    figures.faults.iter().take(20).try_for_each(|fault| writeln!(out, "  {fault}"))
}

/// Prints the settings, the cost of each transport, and the number of connections that the blocking servers hold.
pub(super) fn tables(figures: &TransportReport, out: &mut impl Write) -> io::Result<()> {
    let settings = &figures.settings;
    writeln!(
        out,
        "{} people in one room, texts of {} bytes, each row measured for {} s, one core for the server and one for the \
         generator.\n",
        settings.people, settings.message_bytes, settings.seconds
    )?;
    costs(figures, out)?;
    ceilings(figures, out)
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn costs(figures: &TransportReport, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "| transport | messages | requests/s | bytes a person a minute | CPU, µs a person a second | memory, KB a person \
         | delivery p50, ms | p99, ms |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    )?;
    for of in &figures.transports {
        for at in &of.at {
            writeln!(
                out,
                "| {} | {}: {} in {:.0} s | {} | {} | {:.2} | {:.1} | {:.1} | {:.1} |",
                of.measured.name(),
                at.rate.name(),
                grouped(at.n_messages as f64),
                at.cost.seconds,
                grouped(at.cost.requests_per_s),
                grouped(at.cost.bytes_per_person_per_minute),
                at.cost.cpu_us_per_person_per_s,
                of.kb_per_person,
                at.latency.p50_ms,
                at.latency.p99_ms
            )?;
        }
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn ceilings(figures: &TransportReport, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "\n| server | connections | memory, KB each | time to connect all | CPU while idle | delivery to the last connection |\n\
         | --- | ---: | ---: | ---: | ---: | ---: |"
    )?;
    for ceiling in &figures.ceilings {
        let name = ceiling.kind.name();
        for held in &ceiling.held {
            writeln!(
                out,
                "| {name} | {} | {:.1} | {:.2} s | {:.2} % | {:.1} ms |",
                grouped(held.n_connections as f64),
                held.memory.kb_each,
                held.all_in_after_s,
                held.idle.server_busy * 100.0,
                held.last_has_it_ms
            )?;
        }
        let most = grouped(ceiling.stopped_at as f64);
        writeln!(out, "| {name} | {most}: failed | {} | | | |", ceiling.why.replace('|', "/"))?;
    }
    Ok(())
}
