//! Draws dot plots as SVG, for documents: named rows, a logarithmic axis, and colours for light and dark. `transports` uses it. It
//! doesn't know what the figures mean.
//!
//! - `scale`: where a value lies
//! - `svg`: the drawing

mod scale;
mod svg;

/// Panels that share their series, two in a row.
pub(crate) struct Chart {
    pub(crate) title: String,
    /// The names of the series, one for each colour; three at most.
    pub(crate) series: Vec<String>,
    pub(crate) panels: Vec<Panel>,
}

/// The plot of one figure.
pub(crate) struct Panel {
    /// The figure and its unit.
    pub(crate) title: String,
    pub(crate) rows: Vec<Row>,
}

pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) marks: Vec<Mark>,
}

/// A dot, or two with a line between them.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    /// The index of its series; None if there are no series.
    pub(crate) series: Option<usize>,
    pub(crate) value: f64,
    pub(crate) until: Option<f64>,
}
