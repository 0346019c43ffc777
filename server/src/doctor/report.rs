//! How findings are told: a line for each check as soon as it is done, and then, for each fault, what was seen, what it
//! means for people, and what mends it.

use std::io::{self, Write};

use super::finding::{Fault, Finding, Mend};
use super::lines::{Line, Proxy};

/// The findings so far, each of which is written to `out` as soon as it is made.
pub(super) struct Report<W> {
    out: W,
    /// The proxy that is there, as far as it can be known.
    pub(super) proxy: Option<Proxy>,
    faults: Vec<(&'static str, Fault)>,
    is_complete: bool,
}

impl<W: Write> Report<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, proxy: None, faults: Vec::new(), is_complete: true }
    }

    /// Says something that is no finding.
    pub(super) fn say(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{text}")?;
        self.out.flush()
    }

    /// A line for a check that is done.
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

    /// The faults, and whether all was looked at and is well.
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
