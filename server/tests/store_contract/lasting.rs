//! Contract tests of durability: data survives closing and opening, and a closed store refuses writes.

use hubbub::chat::decide;
use hubbub::store::{Committed, PageQuery, StoreError};
use hubbub_protocol::Seq;

use crate::fixture::{
    Fixture, NOW, commit, delete, describe, edit, id, kira, lobby, page, pin, post, react, reply, room, token,
};

pub(crate) async fn all_data_is_kept_after_closing_and_opening_again(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, lobby, epoch) = (kira(&*store).await, lobby(&*store).await, store.epoch());
    let tea = room(&*store, "Tea", &kira).await;
    let operations = [
        post(lobby, &kira, 1, "Hi"),
        post(tea.id, &kira, 2, "Tea time"),
        reply(tea.id, &kira, 3, 2, "Yes"),
        edit(tea.id, &kira, 4, 2, "Time for tea"),
        react(tea.id, &kira, 5, 2, "👍", true),
        pin(tea.id, &kira, 6, 2, true),
        delete(tea.id, &kira, 7, 3),
        describe(tea.id, &kira, 8, "Tea", "Earl Grey"),
    ];
    commit(&*store, operations.to_vec()).await;
    let tea = store.room(tea.id).await.expect("an answer").expect("the room exists");
    let before =
        [page(&*store, lobby, &kira, PageQuery::Newest).await, page(&*store, tea.id, &kira, PageQuery::Newest).await];
    let revisions = store.revisions(tea.id, id(2)).await.expect("an answer");
    assert_eq!((revisions.len(), before[1].page.mine.len(), before[1].state.pins.len()), (1, 1, 1));
    store.close().await;
    drop(store);

    let store = fixture.open().await;

    assert_eq!(store.epoch(), epoch);
    assert_eq!(page(&*store, lobby, &kira, PageQuery::Newest).await, before[0]);
    assert_eq!(page(&*store, tea.id, &kira, PageQuery::Newest).await, before[1]);
    assert_eq!(store.revisions(tea.id, id(2)).await.expect("an answer"), revisions);
    assert_eq!(store.room_by_slug(&tea.slug).await.expect("an answer"), Some(tea));
    let session = store.session(token(1), NOW).await.expect("an answer");
    assert_eq!(session.map(|session| session.member), Some(kira.clone()));
    let repeated = commit(&*store, operations.to_vec()).await;
    let first = [1, 1, 2, 3, 4, 5, 6, 7];
    let expected = operations.iter().zip(first).map(|(done, seq)| Ok(Committed::Before { seq: Seq(seq), at: done.at }));
    assert_eq!(repeated, expected.collect::<Vec<_>>());
    let next = commit(&*store, vec![post(lobby, &kira, 9, "again")]).await;
    assert!(matches!(&next[0], Ok(Committed::Now(change)) if change.seq == Seq(2)), "{next:?}");
}

pub(crate) async fn each_store_has_its_own_epoch_that_a_javascript_number_can_hold(fixture: &dyn Fixture) {
    const LARGEST_EXACT_IN_JAVASCRIPT: u64 = (1 << 53) - 1;
    let (one, other) = (fixture.open().await.epoch(), crate::Sqlite::new().open().await.epoch());
    assert_ne!(one, other);
    assert!(one.0 <= LARGEST_EXACT_IN_JAVASCRIPT);
}

pub(crate) async fn check_succeeds_on_a_healthy_store(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let epoch = store.epoch();
    store.check().await.expect("the store is writable");
    store.close().await;
    drop(store);
    assert_eq!(fixture.open().await.epoch(), epoch, "check changes nothing");
}

pub(crate) async fn a_closed_store_refuses_to_write(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, lobby) = (kira(&*store).await, lobby(&*store).await);
    store.close().await;
    let refused = store.commit(vec![post(lobby, &kira, 1, "Hi")], decide).await;
    assert!(matches!(refused, Err(StoreError::Failed(_))), "{refused:?}");
    assert!(store.check().await.is_err());
}
