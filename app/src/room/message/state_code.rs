//! The state of a message as codes in attributes, which styles and tests read.

use hubbub_client::MessageState;

use crate::state::rows::ShownMessage;

/// Returns the seq of a message that is on the server's disk.
pub(super) fn seq_code(shown: &ShownMessage) -> Option<String> {
    match shown.state {
        MessageState::Sent(seq) => Some(seq.to_string()),
        MessageState::Pending { .. } | MessageState::Refused(_) => None,
    }
}

/// Returns how far a message has come, or that it is deleted.
pub(super) fn state_code(shown: &ShownMessage) -> &'static str {
    match &shown.state {
        _ if shown.is_deleted() => "deleted",
        MessageState::Pending { .. } => "pending",
        MessageState::Sent(_) if shown.is_edit_pending => "pending",
        MessageState::Sent(_) => "sent",
        MessageState::Refused(_) => "refused",
    }
}
