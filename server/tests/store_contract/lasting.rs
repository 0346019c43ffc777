//! Contract tests of durability: data survives closing and opening, and a closed store refuses writes.

use hubbub::store::{Appended, StoreError};
use hubbub_protocol::{Event, Seq};

use crate::fixture::{Fixture, NOW, append, draft, event, kira, lobby, log_of, room, token};

pub(crate) async fn all_data_is_kept_after_closing_and_opening_again(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, lobby, epoch) = (kira(&*store).await, lobby(&*store).await, store.epoch());
    let tea = room(&*store, "Tea", &kira).await;
    let (hi, tea_time) = (draft(lobby, &kira, 1, "Hi"), draft(tea.id, &kira, 2, "Tea time"));
    append(&*store, vec![hi.clone(), tea_time.clone()]).await;
    store.close().await;
    drop(store);

    let store = fixture.open().await;

    assert_eq!(store.epoch(), epoch);
    assert_eq!(log_of(&*store, lobby).await, [event(&hi, &kira, 1)]);
    assert_eq!(log_of(&*store, tea.id).await, [event(&tea_time, &kira, 1)]);
    assert_eq!(store.room_by_slug(&tea.slug).await.expect("an answer"), Some(tea));
    assert_eq!(
        store.session(token(1), NOW).await.expect("an answer").map(|session| session.member),
        Some(kira.clone())
    );
    let answers = append(&*store, vec![hi.clone(), draft(lobby, &kira, 3, "again")]).await;
    assert_eq!(answers[0], Ok(Appended::Before { seq: Seq(1), at: hi.at }));
    assert!(matches!(&answers[1], Ok(Appended::Now(Event { seq: Seq(2), .. }))), "{answers:?}");
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
    let refused = store.append(vec![draft(lobby, &kira, 1, "Hi")]).await;
    assert!(matches!(refused, Err(StoreError::Failed(_))), "{refused:?}");
    assert!(store.check().await.is_err());
}
