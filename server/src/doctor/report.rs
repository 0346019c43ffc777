//! Prints the findings: a line for each check when it is done, and at the end, for each fault, what was observed, what
//! people notice of it, and the remedy. Called by `visit`.

use std::io::{self, Write};

use super::finding::{Fault, Finding, Mend};
use super::lines::{Line, Proxy};

/// The faults found so far, and the output that each finding is written to at once.
pub(super) struct Report<W> {
    out: W,
    /// The proxy in front of the server, if its responses name it. The remedies for it are printed first.
    pub(super) proxy: Option<Proxy>,
    /// The name of the check that found each fault, and the fault.
    faults: Vec<(&'static str, Fault)>,
    /// Whether no check was skipped.
    is_complete: bool,
}

impl<W: Write> Report<W> {
    /// Creates a report without findings.
    pub(super) fn new(out: W) -> Self {
        Self { out, proxy: None, faults: Vec::new(), is_complete: true }
    }

    /// Writes a line of text and flushes the output.
    ///
    /// # Errors
    /// The output's.
    pub(super) fn say(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{text}")?;
        self.out.flush()
    }

    /// Writes the line of a check that is done, and keeps its fault for the end of the report.
    ///
    /// # Errors
    /// The output's.
    pub(super) fn tell(&mut self, check: &'static str, finding: Finding) -> io::Result<()> {
        let (verdict, words) = match &finding {
            Finding::Well(how) => ("ok", how),
            Finding::Wrong(fault) => ("wrong", &fault.seen),
            Finding::Skipped(why) => ("skipped", why),
        };
        self.say(&format!("{verdict:<8} {check:<12} {words}"))?;
        match finding {
            Finding::Well(_) => {}
            Finding::Wrong(fault) => self.faults.push((check, fault)),
            Finding::Skipped(_) => self.is_complete = false,
        }
        Ok(())
    }

    /// Writes the summary and every fault. Returns true if no check found a fault and none was skipped.
    ///
    /// # Errors
    /// The output's.
    pub(super) fn conclude(mut self) -> io::Result<bool> {
        let n_faults = self.faults.len();
        let summary = match (n_faults, self.is_complete) {
            (0, true) => "All is well.",
            (0, false) => "Nothing wrong was found, but not everything could be looked at.",
            (1, _) => "One thing is wrong:",
            _ => &format!("{n_faults} things are wrong:"),
        };
        self.say(&format!("\n{summary}"))?;
        for (i, (check, fault)) in std::mem::take(&mut self.faults).iter().enumerate() {
            self.say(&format!("\n{}. {check}: {}", i + 1, fault.seen))?;
            self.say(&format!("   What people notice: {}", fault.means))?;
            self.say("   What mends it:")?;
            self.mend(&fault.mend)?;
        }
        if n_faults > 0 {
            self.say("\nWhole configurations for nginx, Caddy, Apache and Traefik: docs/operations.md")?;
        }
        Ok(n_faults == 0 && self.is_complete)
    }

    /// Writes the remedy of one fault.
    fn mend(&mut self, mend: &Mend) -> io::Result<()> {
        let lines = match mend {
            Mend::Proxy(lines) => lines,
            Mend::Other(what) => return self.say(&format!("     {what}")),
        };
        for (proxy, line) in lines.from(self.proxy) {
            let (what, lines) = match line {
                Line::Write(lines) => ("write", lines),
                Line::TakeOut(lines) => ("does it by itself; take out what tells it otherwise, such as", lines),
            };
            self.say(&format!("     {}: {what}", proxy.name()))?;
            for line in lines.lines() {
                self.say(&format!("         {line}"))?;
            }
        }
        Ok(())
    }
}
