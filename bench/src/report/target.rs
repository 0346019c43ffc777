//! A target: a figure, its bound, and whether the figure meets the bound. A missed target is printed and doesn't fail a run, since machines
//! differ.

use serde::Serialize;

/// A figure and its bound.
#[derive(Debug, Serialize)]
pub(crate) struct Target {
    pub(super) what: String,
    pub(super) reached: f64,
    pub(super) unit: &'static str,
    #[serde(flatten)]
    pub(super) bound: Bound,
    pub(super) is_met: bool,
}

impl Target {
    /// Whether the figure was not measured.
    pub(crate) fn is_unmeasured(&self) -> bool {
        self.reached.is_nan()
    }
}

/// What a figure is to be.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

/// Compares a figure with its bound.
pub(crate) fn target(what: impl Into<String>, reached: f64, unit: &'static str, bound: Bound) -> Target {
    let is_met = match bound {
        Bound::AtLeast(least) => reached >= least,
        Bound::AtMost(most) => reached <= most,
    };
    Target { what: what.into(), reached, unit, bound, is_met }
}
