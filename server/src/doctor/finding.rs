//! The result of one check. Returned by each of `checks`, printed by `report`.

use super::lines::Lines;

/// The result of one check.
pub(super) enum Finding {
    /// The check found no fault. The text says what the check observed.
    Well(String),
    /// The check found a fault.
    Wrong(Fault),
    /// The check could not run. The text says why.
    Skipped(String),
}

/// A fault, for the person who runs the server.
pub(super) struct Fault {
    /// What the check observed.
    pub(super) seen: String,
    /// The effect that people notice.
    pub(super) means: &'static str,
    /// The remedy.
    pub(super) mend: Mend,
}

/// The remedy of a fault.
pub(super) enum Mend {
    /// Lines to add to the proxy's configuration, or to remove from it.
    Proxy(&'static Lines),
    /// A command to run, or another instruction.
    Other(String),
}

impl Finding {
    /// Returns a fault: what was observed, what people notice of it, and the remedy.
    pub(super) fn wrong(seen: impl Into<String>, means: &'static str, mend: Mend) -> Self {
        Self::Wrong(Fault { seen: seen.into(), means, mend })
    }

    /// Returns the result for a probe that the server refused because too many probes are in progress.
    pub(super) fn busy() -> Self {
        Self::Skipped("others are probing this server just now; try again in a minute".to_owned())
    }
}
