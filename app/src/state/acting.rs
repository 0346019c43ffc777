//! What the person is doing with messages: the message being edited, the one being answered, and the dialog about one.
//! Views set and read it; it ends with the room that is shown.

use std::sync::Arc;

use hubbub_protocol::MessageId;
use leptos::prelude::*;

use super::rows::MessageRow;

/// The signals.
#[derive(Clone, Copy)]
pub(crate) struct Acting {
    /// The message whose text is being edited.
    pub(crate) editing: RwSignal<Option<MessageId>>,
    /// The message that the composer answers.
    pub(crate) replying_to: RwSignal<Option<Arc<MessageRow>>>,
    /// The dialog about a message.
    pub(crate) dialog: RwSignal<Option<MessageDialog>>,
}

/// A dialog about a message.
#[derive(Clone)]
pub(crate) struct MessageDialog {
    pub(crate) kind: DialogKind,
    pub(crate) message: Arc<MessageRow>,
}

/// What a dialog about a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DialogKind {
    /// Asks before the message is deleted.
    Delete,
    /// Shows the earlier texts.
    History,
    /// Chooses an emoji to react with.
    Emoji,
}

impl Acting {
    pub(super) fn new() -> Self {
        Self { editing: RwSignal::new(None), replying_to: RwSignal::new(None), dialog: RwSignal::new(None) }
    }

    /// Opens a dialog about a message.
    pub(crate) fn open(self, kind: DialogKind, message: &Arc<MessageRow>) {
        self.dialog.set(Some(MessageDialog { kind, message: Arc::clone(message) }));
    }

    /// Ends everything that belongs to the room that was shown.
    pub(crate) fn end(self) {
        self.editing.set(None);
        self.replying_to.set(None);
        self.dialog.set(None);
    }
}
