//! The result of a check. Made by `checks`, printed by `report`.

use super::lines::Lines;

/// The result of one check.
pub(super) enum Finding {
    /// The server passes; a few words on what was seen.
    Well(String),
    /// The server fails.
    Wrong(Fault),
    /// The check could not run, and why.
    Skipped(String),
}

/// A fault, for the person who runs the server.
pub(super) struct Fault {
    /// What was observed.
    pub(super) seen: String,
    /// The effect that people notice.
    pub(super) means: &'static str,
    pub(super) mend: Mend,
}

/// What mends a fault.
pub(super) enum Mend {
    /// Lines of the proxy's configuration.
    Proxy(&'static Lines),
    /// A command or an act.
    Other(String),
}

impl Finding {
    pub(super) fn wrong(seen: impl Into<String>, means: &'static str, mend: Mend) -> Self {
        Self::Wrong(Fault { seen: seen.into(), means, mend })
    }

    /// The server answers as many probes at a time as it may.
    pub(super) fn busy() -> Self {
        Self::Skipped("others are probing this server just now; try again in a minute".to_owned())
    }
}
