//! What a check finds. Made by checks, told by the report.

use super::lines::Lines;

/// See the module.
pub(super) enum Finding {
    /// It is as it should be: how, in a few words.
    Well(String),
    Wrong(Fault),
    /// It couldn't be looked at: why.
    Skipped(String),
}

/// What is wrong, for someone who can do something about it.
pub(super) struct Fault {
    /// What was observed.
    pub(super) seen: String,
    /// What people notice of it.
    pub(super) means: &'static str,
    pub(super) mend: Mend,
}

/// What mends a fault.
pub(super) enum Mend {
    /// Lines of the proxy's configuration.
    Proxy(&'static Lines),
    /// Something else.
    Other(String),
}

impl Finding {
    pub(super) fn wrong(seen: impl Into<String>, means: &'static str, mend: Mend) -> Self {
        Self::Wrong(Fault { seen: seen.into(), means, mend })
    }

    /// The server has as many probes as it takes.
    pub(super) fn busy() -> Self {
        Self::Skipped("others are probing this server just now; try again in a minute".to_owned())
    }
}
