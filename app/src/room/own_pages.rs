//! Whether messages lead to their own pages. Provided by the log document, read by the head of a message.

/// In the context of a document without script: there, the time of a message leads to the message's own page.
#[derive(Clone, Copy)]
pub(super) struct OwnPages;
