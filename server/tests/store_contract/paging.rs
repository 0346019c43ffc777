//! Contract tests of pages of a log, in both directions.

use hubbub::store::Store;
use hubbub_protocol::{RoomId, Seq};

use crate::fixture::{Fixture, append, draft, kira, lobby, room, seqs};

const END: Seq = Seq(u64::MAX);

/// Appends ten events to the lobby and three to another room. Pages of the lobby must not contain the three.
async fn ten_events(store: &dyn Store) -> RoomId {
    let (kira, lobby) = (kira(store).await, lobby(store).await);
    let next_door = room(store, "Next door", &kira).await.id;
    append(store, (1..=10).map(|n| draft(lobby, &kira, n, &n.to_string())).collect()).await;
    append(store, (1..=3).map(|n| draft(next_door, &kira, n, "elsewhere")).collect()).await;
    lobby
}

pub(crate) async fn pages_forwards_are_contiguous_and_oldest_first(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let lobby = ten_events(&*store).await;
    for (after, limit, expected) in [
        (Seq(0), 4, vec![1, 2, 3, 4]),
        (Seq(4), 4, vec![5, 6, 7, 8]),
        (Seq(8), 4, vec![9, 10]),
        (Seq(10), 4, vec![]),
        (Seq(11), 4, vec![]),
        (END, 4, vec![]),
        (Seq(3), 0, vec![]),
        (Seq(7), usize::MAX, vec![8, 9, 10]),
    ] {
        let events = store.events_after(lobby, after, limit).await.expect("a page");
        assert_eq!(seqs(&events), expected, "{limit} after {after}");
    }
}

pub(crate) async fn pages_backwards_end_right_before_the_seq_and_are_oldest_first(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let lobby = ten_events(&*store).await;
    for (before, limit, expected) in [
        (END, 4, vec![7, 8, 9, 10]),
        (Seq(7), 4, vec![3, 4, 5, 6]),
        (Seq(3), 4, vec![1, 2]),
        (Seq(1), 4, vec![]),
        (Seq(0), 4, vec![]),
        (Seq(11), 1, vec![10]),
        (Seq(3), 0, vec![]),
        (END, usize::MAX, (1..=10).collect()),
    ] {
        let events = store.events_before(lobby, before, limit).await.expect("a page");
        assert_eq!(seqs(&events), expected, "{limit} before {before}");
    }
}

pub(crate) async fn unknown_and_out_of_range_room_ids_find_nothing(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    for room in [RoomId(0), RoomId(4_711), RoomId(u64::MAX)] {
        assert_eq!(store.head(room).await.expect("an answer"), None);
        assert_eq!(store.room(room).await.expect("an answer"), None);
        assert_eq!(store.events_after(room, Seq(0), 9).await.expect("an answer"), []);
        assert_eq!(store.events_before(room, END, 9).await.expect("an answer"), []);
    }
}
