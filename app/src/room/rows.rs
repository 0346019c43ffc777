//! The rows of the keyed lists: the timeline's, and with it the rooms' and the people's, since a list of another type
//! costs 8 kB of WebAssembly. Each message has one signal, so that a change to it redraws it alone, and a new one
//! redraws none of the others. Called by `screen`; knows nothing of scrolling or the network.

use std::sync::Arc;

use hubbub_client::{Entry, MessageState, MessageView};
use hubbub_protocol::{Member, MemberId, MessageId, RoomId, RoomInfo, UnixMillis};
use leptos::prelude::*;

use super::arrange::{Line, Place, arrange};
use crate::ui::time::{Day, Zone};

/// One row of a list.
#[derive(Clone)]
pub(crate) enum Row {
    /// A day begins with the message named here.
    Day { first: MessageId, day: Day },
    /// A message.
    Message(Arc<MessageRow>),
    /// Messages that were never fetched lie here; the first gap, the second, and so on.
    Gap { index: u32 },
    /// In the list of rooms: a room.
    Room(RoomInfo),
    /// In the list of people: someone who is here.
    Person(Member),
}

/// A message: what never changes about it, and the signal for what does.
pub(crate) struct MessageRow {
    pub(crate) room: RoomId,
    pub(crate) id: MessageId,
    pub(crate) by: Member,
    pub(crate) body: String,
    pub(crate) author: Author,
    pub(crate) marks: ArcRwSignal<Marks>,
}

/// Whose a message is to the one who reads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Author {
    /// The reader's own.
    You,
    /// Someone else's.
    Other,
}

/// What may change about a message that stays where it is.
#[derive(Clone, PartialEq)]
pub(crate) struct Marks {
    pub(crate) at: UnixMillis,
    pub(crate) state: MessageState,
    pub(crate) place: Place,
}

/// What the list tells rows apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum RowKey {
    /// Another day is another row: the first paint tells days by UTC, and the live page by the reader's clock.
    Day(MessageId, Day),
    /// Ids are only unique within a room.
    Message(RoomId, MessageId),
    Gap(u32),
    Room(RoomId),
    Person(MemberId),
}

impl Row {
    /// What the list tells rows apart by.
    pub(crate) fn key(&self) -> RowKey {
        match self {
            Self::Day { first, day } => RowKey::Day(*first, *day),
            Self::Message(row) => RowKey::Message(row.room, row.id),
            Self::Gap { index } => RowKey::Gap(*index),
            Self::Room(room) => RowKey::Room(room.id),
            Self::Person(member) => RowKey::Person(member.id),
        }
    }
}

/// The rows for a room's entries. Messages that were shown before keep their row, and only what changed of them is told.
pub(crate) fn rows<'a>(
    room: RoomId,
    entries: impl Iterator<Item = Entry<'a>>,
    shown: &[Row],
    you: MemberId,
    zone: Zone,
) -> Vec<Row> {
    let mut shown = Shown { room, rows: shown, next: 0 };
    let lines = arrange(entries, |at| zone.day(at));
    let mut gap = 0;
    let rows = lines.into_iter().map(|line| match line {
        Line::Day { first, day } => Row::Day { first, day },
        Line::Message(message, place) => Row::Message(row(message, place, &mut shown, you)),
        Line::Gap => {
            gap += 1;
            Row::Gap { index: gap }
        }
    });
    rows.collect()
}

/// The rows shown before. They are asked for in about the order that they stand in, so each search goes on where the
/// last one ended, and a whole list takes one pass.
struct Shown<'a> {
    room: RoomId,
    rows: &'a [Row],
    next: usize,
}

impl Shown<'_> {
    fn find(&mut self, id: MessageId) -> Option<Arc<MessageRow>> {
        let key = RowKey::Message(self.room, id);
        let (before, after) = self.rows.split_at(self.next);
        let found = after.iter().chain(before).position(|row| row.key() == key)?;
        let index = (self.next + found) % self.rows.len();
        self.next = index + 1;
        match &self.rows[index] {
            Row::Message(row) => Some(Arc::clone(row)),
            _ => None,
        }
    }
}

/// Tells one message's row what has changed about it.
pub(crate) fn remark(shown: &[Row], message: &MessageView<'_>) {
    let row = shown.iter().rev().find_map(|row| match row {
        Row::Message(row) if row.id == message.id => Some(row),
        _ => None,
    });
    if let Some(row) = row {
        let place = row.marks.with_untracked(|marks| marks.place);
        set_if_changed(&row.marks, Marks { at: message.at, state: message.state.clone(), place });
    }
}

fn row(message: MessageView<'_>, place: Place, shown: &mut Shown<'_>, you: MemberId) -> Arc<MessageRow> {
    let marks = Marks { at: message.at, state: message.state, place };
    if let Some(row) = shown.find(message.id) {
        set_if_changed(&row.marks, marks);
        return row;
    }
    Arc::new(MessageRow {
        room: shown.room,
        id: message.id,
        by: message.by.clone(),
        body: message.body.to_owned(),
        author: if message.by.id == you { Author::You } else { Author::Other },
        marks: ArcRwSignal::new(marks),
    })
}

fn set_if_changed(signal: &ArcRwSignal<Marks>, marks: Marks) {
    if signal.with_untracked(|old| *old != marks) {
        signal.set(marks);
    }
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::Seq;

    use super::*;

    fn entry(by: &Member, at: u64, state: MessageState) -> Entry<'_> {
        let id = MessageId::mint(UnixMillis(at), [0; 10]);
        Entry::Message(MessageView { id, by, at: UnixMillis(at), body: "Hi", state })
    }

    const ROOM: RoomId = RoomId(1);

    #[test]
    fn a_message_keeps_its_row_when_others_come_and_when_it_is_confirmed() {
        let kira = Member { id: MemberId(1), name: "Kira".to_owned() };
        let first = rows(ROOM, [entry(&kira, 2, MessageState::Pending)].into_iter(), &[], kira.id, Zone::Utc);
        let entries = [entry(&kira, 1, MessageState::Sent(Seq(1))), entry(&kira, 2, MessageState::Sent(Seq(2)))];
        let second = rows(ROOM, entries.into_iter(), &first, kira.id, Zone::Utc);
        let (Row::Message(before), Row::Message(after)) = (&first[1], &second[2]) else {
            panic!("a day, then messages")
        };
        assert!(Arc::ptr_eq(before, after));
        assert!(before.marks.with_untracked(|m| m.state == MessageState::Sent(Seq(2)) && m.place == Place::Following));
    }

    #[test]
    fn every_row_has_a_key_of_its_own() {
        let kira = Member { id: MemberId(1), name: "Kira".to_owned() };
        let entries = [
            Entry::Gap,
            entry(&kira, 1, MessageState::Sent(Seq(7))),
            Entry::Gap,
            entry(&kira, 2, MessageState::Pending),
            Entry::Gap,
        ];
        let rows = rows(ROOM, entries.into_iter(), &[], kira.id, Zone::Utc);
        let keys: std::collections::HashSet<_> = rows.iter().map(Row::key).collect();
        assert_eq!(keys.len(), rows.len());
    }

    #[test]
    fn a_day_mark_that_tells_another_day_is_another_row() {
        let first = MessageId::mint(UnixMillis(1), [0; 10]);
        let key = |day| Row::Day { first, day: Day(day) }.key();
        assert_ne!(key(1), key(2));
        assert_eq!(key(1), key(1));
    }

    #[test]
    fn a_message_of_another_room_is_another_row_even_under_the_same_id() {
        let kira = Member { id: MemberId(1), name: "Kira".to_owned() };
        let entries = || [entry(&kira, 1, MessageState::Sent(Seq(1)))].into_iter();
        let here = rows(ROOM, entries(), &[], kira.id, Zone::Utc);
        let there = rows(RoomId(2), entries(), &here, kira.id, Zone::Utc);
        assert_ne!(here[1].key(), there[1].key());
        let (Row::Message(here), Row::Message(there)) = (&here[1], &there[1]) else { panic!("a day, then a message") };
        assert!(!Arc::ptr_eq(here, there));
    }
}
