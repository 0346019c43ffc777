//! Whether a poll opens its tab. The client says so by `open=true`.

/// The kind of a poll. The client says it, because the server may have forgotten the tab. If any poll opened the tab again, a
/// frame that the tab says at the same time could be heard before the client knows where the rooms stand now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PollKind {
    /// Opens the tab.
    First,
    /// Goes on with a tab that the server knows.
    Further,
}
