//! The timeline as the rows of a keyed list. Each message has one signal for what may change about it, so that a change
//! draws that message again and no other. Plain values otherwise; `screen` holds the list.

use std::sync::Arc;

use hubbub_client::{Engine, Entry, Gap, MessageView};
use hubbub_protocol::{MemberId, MessageId, RoomId, Seq};

pub(crate) use super::arrange::GroupPosition;
use super::arrange::{Line, arrange};
use super::message_row::ShownMessages;
pub(crate) use super::message_row::{MessageRow, single_rows};
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
    let mut again = ShownMessages::new(room, messages(shown));
    let top = again.top();
    let shows_again = |id| top == Some(id) || again.find(id).is_some_and(|row| row.position() == GroupPosition::Again);
    let lines = arrange(before, entries.take(window.n_drawn), shows_again, |at| zone.day(at));
    let mut shown = ShownMessages::new(room, messages(shown));
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

/// Returns the messages among rows.
fn messages(rows: &[Row]) -> impl DoubleEndedIterator<Item = &Arc<MessageRow>> {
    rows.iter().filter_map(|row| match row {
        Row::Message(row) => Some(row),
        Row::Day { .. } | Row::Gap(_) => None,
    })
}

/// Sets the signal of one message among the rows.
pub(crate) fn update_message(rows: &[Row], message: &MessageView<'_>) {
    let row = messages(rows).rev().find(|row| row.id == message.id);
    if let Some(row) = row {
        row.update(message, row.position());
    }
}

#[cfg(test)]
mod tests {
    use hubbub_client::MessageState;
    use hubbub_protocol::{Member, UnixMillis};

    use leptos::prelude::*;

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
    fn the_oldest_message_shows_its_author_still_when_older_ones_of_its_group_are_added() {
        let kira = Member { id: MemberId(1), name: "Kira".to_owned() };
        let from = |first: u64| (first..=3).map(|at| entry(&kira, at, MessageState::Sent(Seq(at))));
        let shown = rows(ROOM, from(2), Window::WHOLE, &[], kira.id, Zone::Utc);
        let rows = rows(ROOM, from(1), Window::WHOLE, &shown, kira.id, Zone::Utc);
        let positions = rows.iter().filter_map(|row| match row {
            Row::Message(row) => Some(row.position()),
            _ => None,
        });
        let expected = [GroupPosition::First, GroupPosition::Again, GroupPosition::Following];
        assert_eq!(positions.collect::<Vec<_>>(), expected);
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
