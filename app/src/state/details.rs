//! The values that the page shows beside the timeline: the open thread, the members who reacted to a message, and its
//! earlier texts. The driver sets the values, the views read them.

use std::sync::Arc;

use hubbub_client::ThreadView;
use hubbub_protocol::{MemberId, MessageId, Reactors, Refusal, Revision, RoomId};

use super::rows::{MessageRow, single_rows};

/// The open thread.
#[derive(Clone)]
pub(crate) struct ShownThread {
    /// The message that is answered.
    pub(crate) parent_id: MessageId,
    /// None while it is loading.
    pub(crate) parent: Option<Arc<MessageRow>>,
    /// The answers, oldest first.
    pub(crate) replies: Vec<Arc<MessageRow>>,
    /// Whether there are further answers.
    pub(crate) has_more: bool,
    /// Whether answers are loading.
    pub(crate) is_loading: bool,
}

impl ShownThread {
    /// Returns the engine's thread as rows. Messages that are shown already keep their rows.
    pub(super) fn new(room: RoomId, thread: &ThreadView<'_>, shown: Option<&Self>, you: MemberId) -> Self {
        let rows: Vec<Arc<MessageRow>> =
            shown.iter().flat_map(|shown| shown.parent.iter().chain(&shown.replies)).cloned().collect();
        Self {
            parent_id: thread.parent_id,
            parent: single_rows(room, thread.parent.iter(), &rows, you).pop(),
            replies: single_rows(room, thread.replies.iter(), &rows, you),
            has_more: thread.has_more,
            is_loading: thread.is_loading,
        }
    }
}

/// The answer to a question about one message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answered<T> {
    pub(crate) message: MessageId,
    pub(crate) answer: Result<T, Refusal>,
}

/// The answer with the members who reacted to a message.
pub(crate) type ShownReactors = Answered<Vec<Reactors>>;
/// The answer with the earlier texts of a message.
pub(crate) type ShownRevisions = Answered<Vec<Revision>>;
