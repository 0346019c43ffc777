//! Dot plots as SVG, for documents: rows by name, a logarithmic axis, and colours that follow the reader's light or dark.
//! The transports draw by it; it knows no figure's meaning.
//!
//! - `scale`: where a value lies
//! - `svg`: the drawing

mod scale;
mod svg;

/// Some panels that share their series, two in a row.
pub(crate) struct Chart {
    pub(crate) title: String,
    /// What the colours stand for; three at most.
    pub(crate) series: Vec<String>,
    pub(crate) panels: Vec<Panel>,
}

/// One figure.
pub(crate) struct Panel {
    /// What it is, and its unit.
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
    /// Its colour; none where all are of one kind.
    pub(crate) series: Option<usize>,
    pub(crate) value: f64,
    pub(crate) until: Option<f64>,
}
