//! The dialogs about one message: whether to delete it, its earlier texts, and the emoji to react with. Called by `later`.
//!
//! - [`message_dialogs`]: the dialog that is open
//! - [`delete`], [`history`], [`emoji`]: what a dialog contains

mod delete;
mod emoji;
mod history;
mod message_dialogs;

pub(super) use message_dialogs::MessageDialogs;
