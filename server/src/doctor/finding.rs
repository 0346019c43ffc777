//! The result of one check. Returned by each of `checks`, printed by `report`.

use super::proxy_fix::ProxyFix;

/// The result of one check.
pub(super) enum Finding {
    /// The check found no fault. The text says what the check observed.
    Passed(String),
    /// The check found a fault.
    Failed(Fault),
    /// The check could not run. The text says why.
    Skipped(String),
}

/// A fault, for the person who runs the server.
pub(super) struct Fault {
    /// The observation that shows the fault, as a sentence.
    pub(super) observed: String,
    /// The effect of the fault on the people who use Hubbub.
    pub(super) impact: &'static str,
    /// How to fix it.
    pub(super) fix: Fix,
}

/// How to fix a fault.
pub(super) enum Fix {
    /// Lines to add to the proxy's configuration, or to remove from it.
    Proxy(&'static ProxyFix),
    /// A command to run, or another instruction.
    Instruction(String),
}

impl Finding {
    /// Returns the finding of a check that found a fault.
    pub(super) fn failed(observed: impl Into<String>, impact: &'static str, fix: Fix) -> Self {
        Self::Failed(Fault { observed: observed.into(), impact, fix })
    }

    /// Returns the finding for a probe that the server refused because too many probes are in progress.
    pub(super) fn busy() -> Self {
        Self::Skipped("the server already runs the highest number of probes; try again in a minute".to_owned())
    }
}
