//! How many messages of others arrived below the reader. Each room keeps its count while another is shown. Called by
//! `screen`.

use std::cell::RefCell;

use hubbub_client::{Entry, MessageState};
use hubbub_protocol::{MemberId, MessageId, RoomId};

thread_local! {
    /// A page has one timeline and one thread.
    static ROOMS: RefCell<Vec<(RoomId, Seen)>> = const { RefCell::new(Vec::new()) };
}

/// The newest message of a room, and the newest one that the reader has seen.
#[derive(Clone, Copy, Default)]
struct Seen {
    newest: Option<MessageId>,
    last_seen: Option<MessageId>,
}

/// Counts the messages of others among the entries of a room that are newer than the last one seen; None if there are none.
pub(super) fn count(room: RoomId, entries: &[Entry<'_>], you: MemberId) -> Option<i64> {
    let last_seen = ROOMS.with_borrow(|rooms| rooms.iter().find(|(of, _)| *of == room).map(|(_, seen)| seen.last_seen));
    let (mut newest, mut n_newer) = (None, 0);
    for entry in entries {
        let Entry::Message(message) = entry else { continue };
        if !matches!(message.state, MessageState::Sent(_)) {
            continue;
        }
        newest = Some(message.id);
        if last_seen == Some(newest) {
            n_newer = 0;
        } else if message.by.id != you {
            n_newer += 1;
        }
    }
    ROOMS.with_borrow_mut(|rooms| match rooms.iter_mut().find(|(of, _)| *of == room) {
        Some((_, seen)) => seen.newest = newest,
        None => rooms.push((room, Seen { newest, last_seen: newest })),
    });
    last_seen.is_some().then_some(n_newer).filter(|count| *count > 0)
}

/// Notes that the reader is at the end of a room, and so has seen all of its messages.
pub(super) fn see_all(room: RoomId) {
    ROOMS.with_borrow_mut(|rooms| {
        if let Some((_, seen)) = rooms.iter_mut().find(|(of, _)| *of == room) {
            seen.last_seen = seen.newest;
        }
    });
}

#[cfg(test)]
mod tests {
    use hubbub_protocol::{Member, Seq, UnixMillis};

    use super::*;
    use crate::state::arrange::tests::view;

    const ROOM: RoomId = RoomId(1);
    const YOU: MemberId = MemberId(2);

    #[test]
    fn messages_of_others_after_the_last_one_seen_are_counted() {
        let others = Member { id: MemberId(1), name: "Kira".to_owned() };
        let own = Member { id: YOU, name: "Ben".to_owned() };
        let entry = |n, by| {
            let at = UnixMillis(n);
            Entry::Message(view(MessageId::mint(at, [0; 10]), by, at, MessageState::Sent(Seq(n))))
        };
        let upto = |last: u64| (1..=last).map(move |n| (n, n % 3 == 0));
        let count = |last| {
            let entries = upto(last).map(|(n, is_own)| entry(n, if is_own { &own } else { &others }));
            count(ROOM, &entries.collect::<Vec<_>>(), YOU)
        };
        assert_eq!(count(4), None, "a room that is first shown is shown at its end");
        assert_eq!(count(6), Some(1));
        assert_eq!(count(8), Some(3));
        see_all(ROOM);
        assert_eq!(count(8), None);
        assert_eq!(count(10), Some(1));
    }
}
