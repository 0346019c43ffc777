//! A message as a row of the timeline or of a list beside it, and the search for the rows that are shown already. Called by
//! `rows` and `details`; views read the rows.

use std::sync::Arc;

use hubbub_client::{MessageState, MessageView};
use hubbub_protocol::{Member, MemberId, MessageId, RoomId};
use leptos::prelude::*;

use super::arrange::GroupPosition;
use super::shown_message::ShownMessage;

/// A message: the parts that never change, and a signal for those that may.
pub(crate) struct MessageRow {
    pub(crate) room: RoomId,
    pub(crate) id: MessageId,
    pub(crate) by: Member,
    /// Whether the reader wrote it.
    pub(crate) is_own: bool,
    pub(crate) shown: ArcRwSignal<ShownMessage>,
}

impl MessageRow {
    pub(super) fn new(room: RoomId, message: &MessageView<'_>, position: GroupPosition, you: MemberId) -> Self {
        Self {
            room,
            id: message.id,
            by: message.by.clone(),
            is_own: message.by.id == you,
            shown: ArcRwSignal::new(ShownMessage::new(message, position)),
        }
    }

    pub(super) fn position(&self) -> GroupPosition {
        self.shown.with_untracked(|shown| shown.position)
    }

    pub(super) fn update(&self, message: &MessageView<'_>, position: GroupPosition) {
        let shown = ShownMessage::new(message, position);
        if self.shown.with_untracked(|old| *old != shown) {
            self.shown.set(shown);
        }
    }
}

/// The messages of a room that are shown, oldest first. They are looked up in nearly the same order, so each search
/// begins behind the message found last, and looking up all of them takes one pass.
pub(super) struct ShownMessages<'a> {
    messages: Vec<&'a Arc<MessageRow>>,
    next: usize,
}

impl<'a> ShownMessages<'a> {
    pub(super) fn new(room: RoomId, rows: impl Iterator<Item = &'a Arc<MessageRow>>) -> Self {
        let messages = rows.filter(|message| message.room == room);
        Self { messages: messages.collect(), next: 0 }
    }

    /// Returns the oldest message if it shows its author. It does so still when older messages of its group are added
    /// above, so that nothing below moves.
    pub(super) fn top(&self) -> Option<MessageId> {
        let shows_author = |row: &&&Arc<MessageRow>| {
            row.position() != GroupPosition::Following
                && row.shown.with_untracked(|shown| matches!(shown.state, MessageState::Sent(_)))
        };
        self.messages.first().filter(shows_author).map(|row| row.id)
    }

    pub(super) fn find(&mut self, id: MessageId) -> Option<&'a Arc<MessageRow>> {
        let (before, after) = self.messages.split_at(self.next);
        let found = after.iter().chain(before).position(|message| message.id == id)?;
        let index = (self.next + found) % self.messages.len();
        self.next = index + 1;
        Some(self.messages[index])
    }
}

/// The rows for messages that are shown one by one, such as the answers of a thread. A message that is among the rows
/// shown keeps its row.
pub(crate) fn single_rows<'a>(
    room: RoomId,
    messages: impl Iterator<Item = &'a MessageView<'a>>,
    shown: &[Arc<MessageRow>],
    you: MemberId,
) -> Vec<Arc<MessageRow>> {
    let position = GroupPosition::First;
    let rows = messages.map(|message| match shown.iter().find(|row| row.room == room && row.id == message.id) {
        Some(row) => {
            row.update(message, position);
            Arc::clone(row)
        }
        None => Arc::new(MessageRow::new(room, message, position, you)),
    });
    rows.collect()
}
