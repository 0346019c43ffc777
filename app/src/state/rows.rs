//! The timeline as the rows of a keyed list. Each message has one signal for what may change about it, so that a change
//! draws that message again and no other. Plain values otherwise; `screen` holds the list.

use std::sync::Arc;

use hubbub_client::{Engine, Entry, Gap, MessageView};
use hubbub_protocol::{Member, MemberId, MessageId, RoomId, Seq};
use leptos::prelude::*;

pub(crate) use super::arrange::GroupPosition;
use super::arrange::{Line, arrange};
pub(crate) use super::shown_message::{QuotedText, ShownMessage, ShownQuote, ShownReaction};
use super::window::Window;
use crate::ui::time::{Day, Zone};

/// One row of the timeline.
#[derive(Clone)]
pub(crate) enum Row {
    /// A day begins with the message `first`.
    Day { first: MessageId, day: Day },
    /// A message.
    Message(Arc<MessageRow>),
    /// Messages are missing here.
    Gap(Gap),
}

/// A message: what never changes about it, and a signal for what does.
pub(crate) struct MessageRow {
    pub(crate) room: RoomId,
    pub(crate) id: MessageId,
    pub(crate) by: Member,
    /// Whether the reader wrote it.
    pub(crate) is_own: bool,
    pub(crate) shown: ArcRwSignal<ShownMessage>,
}

/// The key of a row in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum RowKey {
    /// The day belongs to the key, because the first paint tells days by UTC and the live page by the reader's clock.
    Day(MessageId, Day),
    /// The room belongs to the key, because a message's id is unique within its room only.
    Message(RoomId, MessageId),
    /// A gap that becomes narrower is another row: its buttons ask for other messages.
    Gap { after: Seq, before: Seq },
}

impl Row {
    /// The key of the row in the list.
    pub(crate) fn key(&self) -> RowKey {
        match self {
            Self::Day { first, day } => RowKey::Day(*first, *day),
            Self::Message(row) => RowKey::Message(row.room, row.id),
            Self::Gap(Gap { after, before }) => RowKey::Gap { after: *after, before: *before },
        }
    }
}

/// Returns what a room's timeline shows, oldest first.
pub(super) fn entries(engine: &Engine, room: RoomId) -> Vec<Entry<'_>> {
    engine.timeline(room).into_iter().flat_map(|timeline| timeline.entries()).collect()
}

/// Returns the rows for those of a room's entries that are in a window. A message that is among the rows shown keeps its
/// row, and its signal is set if it has changed.
pub(crate) fn rows<'a>(
    room: RoomId,
    mut entries: impl Iterator<Item = Entry<'a>>,
    window: Window,
    shown: &[Row],
    you: MemberId,
    zone: Zone,
) -> Vec<Row> {
    let before = window.n_before.checked_sub(1).and_then(|index| entries.nth(index));
    let before = before.as_ref().and_then(|entry| match entry {
        Entry::Message(message) => Some(message),
        Entry::Gap(_) => None,
    });
    let mut again = ShownMessages::new(room, shown);
    let shows_again = |id| again.find(id).is_some_and(|row| row.position() == GroupPosition::Again);
    let lines = arrange(before, entries.take(window.n_drawn), shows_again, |at| zone.day(at));
    let mut shown = ShownMessages::new(room, shown);
    let rows = lines.into_iter().map(|line| match line {
        Line::Day { first, day } => Row::Day { first, day },
        Line::Message(message, position) => Row::Message(match shown.find(message.id) {
            Some(row) => {
                row.update(&message, position);
                Arc::clone(row)
            }
            None => Arc::new(MessageRow::new(room, &message, position, you)),
        }),
        Line::Gap(gap) => Row::Gap(gap),
    });
    rows.collect()
}

/// The messages of a room that are shown, oldest first. They are looked up in nearly the same order, so each search
/// begins behind the message found last, and looking up all of them takes one pass.
struct ShownMessages<'a> {
    messages: Vec<&'a Arc<MessageRow>>,
    next: usize,
}

impl<'a> ShownMessages<'a> {
    fn new(room: RoomId, rows: &'a [Row]) -> Self {
        let messages = rows.iter().filter_map(|row| match row {
            Row::Message(message) if message.room == room => Some(message),
            _ => None,
        });
        Self { messages: messages.collect(), next: 0 }
    }

    fn find(&mut self, id: MessageId) -> Option<&'a Arc<MessageRow>> {
        let (before, after) = self.messages.split_at(self.next);
        let found = after.iter().chain(before).position(|message| message.id == id)?;
        let index = (self.next + found) % self.messages.len();
        self.next = index + 1;
        Some(self.messages[index])
    }
}

/// Sets the signal of one message among the rows.
pub(crate) fn update_message(rows: &[Row], message: &MessageView<'_>) {
    let row = rows.iter().rev().find_map(|row| match row {
        Row::Message(row) if row.id == message.id => Some(row),
        _ => None,
    });
    if let Some(row) = row {
        row.update(message, row.position());
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

impl MessageRow {
    fn new(room: RoomId, message: &MessageView<'_>, position: GroupPosition, you: MemberId) -> Self {
        Self {
            room,
            id: message.id,
            by: message.by.clone(),
            is_own: message.by.id == you,
            shown: ArcRwSignal::new(ShownMessage::new(message, position)),
        }
    }

    fn position(&self) -> GroupPosition {
        self.shown.with_untracked(|shown| shown.position)
    }

    fn update(&self, message: &MessageView<'_>, position: GroupPosition) {
        let shown = ShownMessage::new(message, position);
        if self.shown.with_untracked(|old| *old != shown) {
            self.shown.set(shown);
        }
    }
}

#[cfg(test)]
mod tests {
    use hubbub_client::MessageState;
    use hubbub_protocol::UnixMillis;

    use super::*;
    use crate::state::arrange::tests::view;

    const PENDING: MessageState = MessageState::Pending { retry_at: None };

    fn gap(after: u64) -> Entry<'static> {
        Entry::Gap(Gap { after: Seq(after), before: Seq(after + 9) })
    }

    fn entry(by: &Member, at: u64, state: MessageState) -> Entry<'_> {
        Entry::Message(view(MessageId::mint(UnixMillis(at), [0; 10]), by, UnixMillis(at), state))
    }

    const ROOM: RoomId = RoomId(1);

    #[test]
    fn a_message_keeps_its_row_when_others_arrive_and_when_it_is_confirmed() {
        let kira = Member { id: MemberId(1), name: "Kira".to_owned() };
        let first = rows(ROOM, [entry(&kira, 2, PENDING)].into_iter(), Window::WHOLE, &[], kira.id, Zone::Utc);
        let entries = [entry(&kira, 1, MessageState::Sent(Seq(1))), entry(&kira, 2, MessageState::Sent(Seq(2)))];
        let second = rows(ROOM, entries.into_iter(), Window::WHOLE, &first, kira.id, Zone::Utc);
        let (Row::Message(before), Row::Message(after)) = (&first[1], &second[2]) else {
            panic!("a day, then messages")
        };
        assert!(Arc::ptr_eq(before, after));
        assert!(
            before
                .shown
                .with_untracked(|m| m.state == MessageState::Sent(Seq(2)) && m.position == GroupPosition::Following)
        );
    }

    #[test]
    fn a_window_that_begins_within_a_group_continues_the_group_and_its_day() {
        let kira = Member { id: MemberId(1), name: "Kira".to_owned() };
        let entries = (1..=4).map(|at| entry(&kira, at, MessageState::Sent(Seq(at))));
        let window = Window { n_before: 2, n_drawn: 1, ..Window::WHOLE };
        let rows = rows(ROOM, entries, window, &[], kira.id, Zone::Utc);
        let [Row::Message(row)] = &*rows else { panic!("one message") };
        assert!(
            row.shown
                .with_untracked(|m| m.state == MessageState::Sent(Seq(3)) && m.position == GroupPosition::Following)
        );
    }

    #[test]
    fn every_row_has_a_unique_key() {
        let kira = Member { id: MemberId(1), name: "Kira".to_owned() };
        let entries = [gap(1), entry(&kira, 1, MessageState::Sent(Seq(20))), gap(20), entry(&kira, 2, PENDING)];
        let rows = rows(ROOM, entries.into_iter(), Window::WHOLE, &[], kira.id, Zone::Utc);
        let keys: std::collections::HashSet<_> = rows.iter().map(Row::key).collect();
        assert_eq!(keys.len(), rows.len());
    }

    #[test]
    fn day_rows_of_different_days_have_different_keys() {
        let first = MessageId::mint(UnixMillis(1), [0; 10]);
        let key = |day| Row::Day { first, day: Day(day) }.key();
        assert_ne!(key(1), key(2));
        assert_eq!(key(1), key(1));
    }

    #[test]
    fn messages_with_the_same_id_in_two_rooms_have_different_rows() {
        let kira = Member { id: MemberId(1), name: "Kira".to_owned() };
        let entries = || [entry(&kira, 1, MessageState::Sent(Seq(1)))].into_iter();
        let here = rows(ROOM, entries(), Window::WHOLE, &[], kira.id, Zone::Utc);
        let there = rows(RoomId(2), entries(), Window::WHOLE, &here, kira.id, Zone::Utc);
        assert_ne!(here[1].key(), there[1].key());
        let (Row::Message(here), Row::Message(there)) = (&here[1], &there[1]) else { panic!("a day, then a message") };
        assert!(!Arc::ptr_eq(here, there));
    }
}
