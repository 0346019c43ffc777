//! How many messages of others arrived below what the reader sees. Each room keeps its count while another is shown.
//! Called by `screen`.

use std::cell::RefCell;

use hubbub_client::MessageState;
use hubbub_protocol::{MessageId, RoomId};
use leptos::prelude::*;

use super::rows::{MessageRow, Row};

thread_local! {
    /// The newest message that the reader saw in each room. A page has one timeline and one thread.
    static LAST_SEEN: RefCell<Vec<(RoomId, Option<MessageId>)>> = const { RefCell::new(Vec::new()) };
}

/// Counts the messages of others among the rows of a room that are newer than the last one seen; None if there are none. A
/// reader at the end has seen all of them.
pub(super) fn count(room: RoomId, rows: &[Row], is_at_end: bool) -> Option<i64> {
    let last_seen = LAST_SEEN.with_borrow_mut(|seen| {
        let index = seen.iter().position(|(of, _)| *of == room).unwrap_or_else(|| {
            seen.push((room, newest(rows)));
            seen.len() - 1
        });
        if is_at_end {
            seen[index].1 = newest(rows);
        }
        seen[index].1
    });
    i64::try_from(n_after(rows, last_seen)).ok().filter(|count| *count > 0)
}

fn newest(rows: &[Row]) -> Option<MessageId> {
    confirmed(rows).next().map(|row| row.id)
}

fn n_after(rows: &[Row], last_seen: Option<MessageId>) -> usize {
    confirmed(rows).take_while(|row| Some(row.id) != last_seen).filter(|row| !row.is_own).count()
}

/// The messages that are in the log, newest first.
fn confirmed(rows: &[Row]) -> impl Iterator<Item = &MessageRow> {
    rows.iter().rev().filter_map(|row| match row {
        Row::Message(row) if row.shown.with_untracked(|shown| matches!(shown.state, MessageState::Sent(_))) => {
            Some(&**row)
        }
        Row::Message(_) | Row::Day { .. } | Row::Gap { .. } => None,
    })
}
