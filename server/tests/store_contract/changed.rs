//! Contract tests of what changed after a cursor.

use hubbub::store::{ChangedRows, Store};
use hubbub_protocol::{Member, RoomId, Seq};

use crate::fixture::{Fixture, changes, delete, describe, edit, id, jonas, kira, lobby, pin, post, react, reply, room};

async fn after(store: &dyn Store, room: RoomId, reader: &Member, after: u64, limit: usize) -> ChangedRows {
    store.changed_after(room, reader.id, Seq(after), limit).await.expect("an answer").expect("the room exists")
}

/// The changed messages: the number of the operation that posted each, and its rev.
fn changed(rows: &ChangedRows) -> Vec<(u64, u64)> {
    let messages = rows.messages.as_ref().expect("not too many");
    messages.iter().map(|message| (message.id.minted_at().0 - crate::fixture::NOW.0, message.rev.0)).collect()
}

pub(crate) async fn every_row_that_changed_after_the_cursor_comes_once_in_its_current_state(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, jonas) = (kira(&*store).await, jonas(&*store).await);
    let tea = room(&*store, "Tea", &kira).await.id;
    changes(
        &*store,
        vec![
            post(tea, &kira, 1, "one"),
            post(tea, &kira, 2, "two"),
            post(tea, &kira, 3, "three"),
            edit(tea, &kira, 4, 1, "ONE"),
            react(tea, &jonas, 5, 2, "👍", true),
            reply(tea, &jonas, 6, 3, "six"),
            edit(tea, &kira, 7, 1, "One"),
            delete(tea, &kira, 8, 2),
        ],
    )
    .await;
    // A reply changes its parent with the same seq.
    let of_reply = [(3, 6), (6, 6)];
    for (cursor, expected) in [
        (0, vec![of_reply[0], of_reply[1], (1, 7), (2, 8)]),
        (3, vec![of_reply[0], of_reply[1], (1, 7), (2, 8)]),
        (6, vec![(1, 7), (2, 8)]),
        (7, vec![(2, 8)]),
        (8, vec![]),
        (9, vec![]),
        (u64::MAX, vec![]),
    ] {
        let rows = after(&*store, tea, &jonas, cursor, 9).await;
        let mut found = changed(&rows);
        found.sort_by_key(|(posted, rev)| (*rev, *posted));
        assert_eq!(found, expected, "after {cursor}");
        assert!(changed(&rows).is_sorted_by_key(|(_, rev)| *rev));
        assert_eq!((rows.head, rows.state), (Seq(8), None));
    }
    let rows = after(&*store, tea, &jonas, 6, 9).await.messages.expect("not too many");
    assert_eq!((rows[0].body.as_str(), rows[1].body.as_str(), rows[1].is_deleted()), ("One", "", true));
}

pub(crate) async fn the_state_of_the_room_comes_when_it_changed(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let kira = kira(&*store).await;
    let tea = room(&*store, "Tea", &kira).await.id;
    let batch = vec![
        post(tea, &kira, 1, "one"),
        pin(tea, &kira, 2, 1, true),
        describe(tea, &kira, 3, "Coffee", ""),
        post(tea, &kira, 4, "four"),
    ];
    changes(&*store, batch).await;
    for (cursor, rev) in [(0, Some(3)), (2, Some(3)), (3, None), (4, None)] {
        let state = after(&*store, tea, &kira, cursor, 9).await.state;
        assert_eq!(state.as_ref().map(|state| state.rev), rev.map(Seq), "after {cursor}");
        assert!(state.is_none_or(|state| state.name == "Coffee" && state.pins == [id(1)]));
    }
    changes(&*store, vec![delete(tea, &kira, 5, 1)]).await;
    let state = after(&*store, tea, &kira, 4, 9).await.state.expect("the pin is gone");
    assert_eq!((state.pins, state.rev), (vec![], Seq(5)));
}

pub(crate) async fn own_reactions_come_with_the_changed_rows(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, jonas, lobby) = (kira(&*store).await, jonas(&*store).await, lobby(&*store).await);
    changes(&*store, vec![post(lobby, &kira, 1, "one"), post(lobby, &kira, 2, "two")]).await;
    changes(&*store, vec![react(lobby, &jonas, 3, 1, "👍", true), react(lobby, &kira, 4, 2, "🎉", true)]).await;
    let mine = after(&*store, lobby, &jonas, 2, 9).await.mine;
    assert_eq!(
        mine.iter().map(|own| (own.message, own.emoji.clone())).collect::<Vec<_>>(),
        [(id(1), vec!["👍".to_owned()])]
    );
    assert_eq!(after(&*store, lobby, &jonas, 3, 9).await.mine, []);
}

pub(crate) async fn at_most_500_rows_come_and_none_of_501(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, lobby) = (kira(&*store).await, lobby(&*store).await);
    changes(&*store, (1..=600).map(|n| post(lobby, &kira, n, "Hi")).collect()).await;
    // 400 rows that were posted before seq 600, and 101 afterwards: the bound counts both kinds.
    changes(&*store, (1..=400).map(|n| edit(lobby, &kira, 1_000 + n, n, "Hello")).collect()).await;
    changes(&*store, (1..=101).map(|n| post(lobby, &kira, 2_000 + n, "Hi")).collect()).await;
    // The first message changes twice, and counts once.
    changes(&*store, vec![edit(lobby, &kira, 3_000, 1, "Hallo")]).await;

    let rows = after(&*store, lobby, &kira, 600, 500).await;
    assert_eq!((rows.messages, rows.mine, rows.head), (None, vec![], Seq(1_102)));
    let rows = after(&*store, lobby, &kira, 601, 500).await;
    assert_eq!(rows.messages, None, "the edit of seq 601 was replaced by that of seq 1102");
    let rows = after(&*store, lobby, &kira, 602, 500).await;
    assert_eq!(rows.messages.map(|messages| messages.len()), Some(500));
    assert_eq!(after(&*store, lobby, &kira, 600, 501).await.messages.map(|messages| messages.len()), Some(501));
    assert_eq!(after(&*store, lobby, &kira, 1_102, 0).await.messages, Some(vec![]));
    assert_eq!(after(&*store, lobby, &kira, 1_101, 0).await.messages, None);
}
