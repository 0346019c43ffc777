//! The acts on messages that a person has begun: the message being edited, the message being answered, and the dialog about
//! a message. Views set and read them; another room ends them.

use std::sync::Arc;

use hubbub_protocol::MessageId;
use leptos::prelude::*;

use super::rows::MessageRow;

/// The signals.
#[derive(Clone, Copy)]
pub(crate) struct Acting {
    /// The message whose text is being edited.
    pub(crate) editing: RwSignal<Option<MessageId>>,
    /// The new text of that message, as far as it is written. The form that shows it goes when the reader scrolls far away.
    pub(crate) edited_text: StoredValue<Option<String>>,
    /// The message whose toolbar takes the focus as soon as it is drawn.
    pub(crate) toolbar_of: RwSignal<Option<MessageId>>,
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

/// The purpose of a dialog about a message.
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
        Self {
            editing: RwSignal::new(None),
            edited_text: StoredValue::new(None),
            toolbar_of: RwSignal::new(None),
            replying_to: RwSignal::new(None),
            dialog: RwSignal::new(None),
        }
    }

    /// Begins to edit a message, or ends it.
    pub(crate) fn edit(self, message: Option<MessageId>) {
        self.edited_text.set_value(None);
        self.editing.set(message);
    }

    /// Opens a dialog about a message.
    pub(crate) fn open(self, kind: DialogKind, message: &Arc<MessageRow>) {
        self.dialog.set(Some(MessageDialog { kind, message: Arc::clone(message) }));
    }

    /// Ends every act, with the room that was shown.
    pub(crate) fn end(self) {
        self.end_waiting();
        self.replying_to.set(None);
    }

    /// Ends the acts that need a form or a dialog.
    pub(crate) fn end_waiting(self) {
        self.edit(None);
        self.toolbar_of.set(None);
        self.dialog.set(None);
    }
}
