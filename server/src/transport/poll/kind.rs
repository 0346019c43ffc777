//! Whether a poll opens its tab. The client says so by `open=true`.

/// The kind of a poll. The client states the kind, because the server may have forgotten the tab. A further poll
/// doesn't open a forgotten tab again: otherwise the server could accept a frame that the tab sends at the same time,
/// before the client knows the new positions of its rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PollKind {
    /// Opens the tab.
    First,
    /// Continues a tab that the server knows.
    Further,
}
