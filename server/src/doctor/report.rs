//! Prints the findings: one line for each check as soon as the check is done, and at the end the observation, the
//! impact and the fix of each fault. Called by `run`.

use std::io::{self, Write};

use super::finding::{Fault, Finding, Fix};
use super::proxy_fix::{ConfigChange, Proxy};

/// The faults found so far, and the output that each finding is written to at once.
pub(super) struct Report<W> {
    out: W,
    /// The proxy in front of the server, if its responses name it. The fixes for it are printed first.
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
    pub(super) fn write_line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{text}")?;
        self.out.flush()
    }

    /// Writes the line of a check that is done, and keeps its fault for the end of the report.
    ///
    /// # Errors
    /// The output's.
    pub(super) fn add(&mut self, check: &'static str, finding: Finding) -> io::Result<()> {
        let (result, text) = match &finding {
            Finding::Passed(observed) => ("passed", observed),
            Finding::Failed(fault) => ("failed", &fault.observed),
            Finding::Skipped(reason) => ("skipped", reason),
        };
        self.write_line(&format!("{result:<8} {check:<12} {text}"))?;
        match finding {
            Finding::Passed(_) => {}
            Finding::Failed(fault) => self.faults.push((check, fault)),
            Finding::Skipped(_) => self.is_complete = false,
        }
        Ok(())
    }

    /// Writes the summary and every fault. Returns true if no check found a fault and none was skipped.
    ///
    /// # Errors
    /// The output's.
    pub(super) fn finish(mut self) -> io::Result<bool> {
        let n_faults = self.faults.len();
        let summary = match (n_faults, self.is_complete) {
            (0, true) => "All checks passed.",
            (0, false) => "No check failed, but some checks were skipped.",
            (1, _) => "1 check failed:",
            _ => &format!("{n_faults} checks failed:"),
        };
        self.write_line(&format!("\n{summary}"))?;
        for (i, (check, fault)) in std::mem::take(&mut self.faults).iter().enumerate() {
            self.write_line(&format!("\n{}. {check}: {}", i + 1, fault.observed))?;
            self.write_line(&format!("   Impact: {}", fault.impact))?;
            self.write_line("   How to fix it:")?;
            self.write_fix(&fault.fix)?;
        }
        if n_faults > 0 {
            self.write_line("\nComplete configurations for nginx, Caddy, Apache and Traefik: docs/operations.md")?;
        }
        Ok(n_faults == 0 && self.is_complete)
    }

    fn write_fix(&mut self, fix: &Fix) -> io::Result<()> {
        let proxy_fix = match fix {
            Fix::Proxy(proxy_fix) => proxy_fix,
            Fix::Instruction(instruction) => return self.write_line(&format!("     {instruction}")),
        };
        for (proxy, change) in proxy_fix.changes(self.proxy) {
            let (instruction, lines) = match change {
                ConfigChange::Add(lines) => ("add", lines),
                ConfigChange::Remove(lines) => ("works by default; remove lines such as", lines),
            };
            self.write_line(&format!("     {}: {instruction}", proxy.name()))?;
            for line in lines.lines() {
                self.write_line(&format!("         {line}"))?;
            }
        }
        Ok(())
    }
}
