//! Contract tests of batches: seqs without gaps, results in order, and no refusal that affects other operations.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hubbub::chat::decide;
use hubbub::store::{Committed, OperationError, Situation, Store, StoreError, Submitted};
use hubbub_protocol::{Member, MemberId, Refusal, RoomId, Seq, What};

use crate::fixture::{
    Fixture, bodies, change, changes, commit, commit_one, delete, describe, edit, id, jonas, kira, lobby, message,
    messages_of, pin, post, react, reply, room, seqs,
};

pub(crate) async fn concurrent_writers_leave_no_gap_and_keep_their_order(fixture: &dyn Fixture) {
    const N_WRITERS: u64 = 32;
    const N_EACH: u64 = 8;
    let store = fixture.open().await;
    let (kira, lobby) = (kira(&*store).await, lobby(&*store).await);

    let writers: Vec<_> = (0..N_WRITERS)
        .map(|writer| tokio::spawn(write_one_by_one(Arc::clone(&store), kira.clone(), lobby, writer, N_EACH)))
        .collect();
    for writer in writers {
        writer.await.expect("the writer ends");
    }

    let messages = messages_of(&*store, lobby, &kira).await;
    assert_eq!(seqs(&messages), (1..=N_WRITERS * N_EACH).collect::<Vec<_>>());
    assert_eq!(store.head(lobby).await.expect("a head"), Some(Seq(N_WRITERS * N_EACH)));
    for writer in 0..N_WRITERS {
        let prefix = format!("{writer}: ");
        let said: Vec<&str> = bodies(&messages).into_iter().filter_map(|body| body.strip_prefix(&prefix)).collect();
        assert_eq!(said, (0..N_EACH).map(|n| n.to_string()).collect::<Vec<_>>());
    }
}

async fn write_one_by_one(store: Arc<dyn Store>, by: Member, room: RoomId, writer: u64, n: u64) {
    let mut last = Seq(0);
    for i in 0..n {
        let post = post(room, &by, writer * n + i, &format!("{writer}: {i}"));
        let [change] = &changes(&*store, vec![post]).await[..] else { panic!("one change for one post") };
        assert!(change.seq > last, "a writer's messages keep their order");
        last = change.seq;
    }
}

pub(crate) async fn a_message_is_read_back_as_its_change_says(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, lobby) = (kira(&*store).await, lobby(&*store).await);
    let difficult = "\"quotes\", \\back\\slashes,\n\tlines, {\"json\": [1]}, ' OR 1=1 --, é, 日本, 😀, \u{202E}turned";
    let post = post(lobby, &kira, 1, difficult);

    let committed = commit(&*store, vec![post.clone()]).await;

    assert_eq!(committed, [Ok(Committed::Now(change(&post, &kira, 1)))]);
    assert_eq!(messages_of(&*store, lobby, &kira).await, [message(&post, &kira, 1)]);
}

pub(crate) async fn results_come_in_batch_order_and_each_room_counts_its_own_seqs(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, jonas, lobby) = (kira(&*store).await, jonas(&*store).await, lobby(&*store).await);
    let tea = room(&*store, "Tea", &kira).await.id;
    let batch =
        [post(lobby, &kira, 4, "a"), post(tea, &jonas, 3, "b"), post(lobby, &jonas, 2, "c"), post(tea, &kira, 1, "d")];

    let committed = commit(&*store, batch.to_vec()).await;

    let expected = [(&kira, 1), (&jonas, 1), (&jonas, 2), (&kira, 2)];
    let expected = batch.iter().zip(expected).map(|(post, (by, seq))| Ok(Committed::Now(change(post, by, seq))));
    assert_eq!(committed, expected.collect::<Vec<_>>());
    let [a, b, c, d] = &batch;
    assert_eq!(messages_of(&*store, lobby, &kira).await, [message(a, &kira, 1), message(c, &jonas, 2)]);
    assert_eq!(messages_of(&*store, tea, &kira).await, [message(b, &jonas, 1), message(d, &kira, 2)]);
}

pub(crate) async fn every_kind_of_change_takes_the_next_seq(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let kira = kira(&*store).await;
    let tea = room(&*store, "Tea", &kira).await.id;
    let batch = vec![
        post(tea, &kira, 1, "Hi"),
        reply(tea, &kira, 2, 1, "Hi to you"),
        edit(tea, &kira, 3, 1, "Hello"),
        react(tea, &kira, 4, 1, "👍", true),
        pin(tea, &kira, 5, 1, true),
        describe(tea, &kira, 6, "Tea", "Earl Grey"),
        react(tea, &kira, 7, 1, "👍", false),
        pin(tea, &kira, 8, 1, false),
        delete(tea, &kira, 9, 1),
    ];
    // Once in one batch, and once in batches of one.
    let made = changes(&*store, batch).await;
    assert_eq!(made.iter().map(|change| change.seq.0).collect::<Vec<_>>(), (1..=9).collect::<Vec<_>>());
    let batch = [
        post(tea, &kira, 11, "Hi"),
        edit(tea, &kira, 12, 11, "Hello"),
        react(tea, &kira, 13, 11, "👍", true),
        pin(tea, &kira, 14, 11, true),
        delete(tea, &kira, 15, 11),
    ];
    for (submitted, seq) in batch.into_iter().zip(10..) {
        assert_eq!(changes(&*store, vec![submitted]).await[0].seq, Seq(seq));
    }
    assert_eq!(store.head(tea).await.expect("a head"), Some(Seq(14)));
    assert_eq!(seqs(&messages_of(&*store, tea, &kira).await), [1, 2, 6, 10]);
}

pub(crate) async fn one_id_may_be_used_in_two_rooms(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, lobby) = (kira(&*store).await, lobby(&*store).await);
    let tea = room(&*store, "Tea", &kira).await.id;
    changes(&*store, vec![post(lobby, &kira, 1, "Hi"), post(tea, &kira, 1, "Tea?")]).await;
    changes(&*store, vec![edit(lobby, &kira, 2, 1, "Hello"), edit(tea, &kira, 2, 1, "Coffee?")]).await;
    assert_eq!(bodies(&messages_of(&*store, lobby, &kira).await), ["Hello"]);
    assert_eq!(bodies(&messages_of(&*store, tea, &kira).await), ["Coffee?"]);
}

pub(crate) async fn a_refused_operation_does_not_affect_the_others(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, lobby) = (kira(&*store).await, lobby(&*store).await);
    commit(&*store, vec![post(lobby, &kira, 1, "Hi")]).await;
    let nowhere = RoomId(4_711);

    let committed = commit(
        &*store,
        vec![
            post(lobby, &kira, 2, "before"),
            post(nowhere, &kira, 3, "nowhere"),
            edit(nowhere, &kira, 3, 1, "nowhere"),
            post(RoomId(u64::MAX), &kira, 4, "nowhere at all"),
            post(lobby, &kira, 1, "conflict"),
            edit(lobby, &kira, 6, 99, "no such message"),
            post(lobby, &kira, 5, "after"),
        ],
    )
    .await;

    let refused: Vec<_> = committed.iter().map(|outcome| outcome.as_ref().err().cloned()).collect();
    let (no_room, conflict) = (Some(OperationError::NoSuchRoom), Some(OperationError::Conflict));
    let no_message = Some(OperationError::Refused(Refusal::NoSuchMessage));
    assert_eq!(refused, [None, no_room.clone(), no_room.clone(), no_room, conflict, no_message, None]);
    assert_eq!(bodies(&messages_of(&*store, lobby, &kira).await), ["Hi", "before", "after"]);
    assert_eq!(store.head(nowhere).await.expect("an answer"), None);
    assert_eq!(store.head(lobby).await.expect("a head"), Some(Seq(3)), "a refused operation takes no seq");
}

pub(crate) async fn an_operation_of_an_unknown_member_is_refused_and_the_others_are_stored(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, lobby) = (kira(&*store).await, lobby(&*store).await);
    let nobody = Member { id: MemberId(4_711), name: "Nobody".to_owned() };
    let (before, after) = (post(lobby, &kira, 1, "before"), post(lobby, &kira, 3, "after"));

    let committed = commit(&*store, vec![before.clone(), post(lobby, &nobody, 2, "boo"), after.clone()]).await;

    let expected = [
        Ok(Committed::Now(change(&before, &kira, 1))),
        Err(OperationError::NoSuchMember),
        Ok(Committed::Now(change(&after, &kira, 2))),
    ];
    assert_eq!(committed, expected);
    assert_eq!(seqs(&messages_of(&*store, lobby, &kira).await), [1, 2]);
}

pub(crate) async fn an_empty_batch_is_accepted(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    assert_eq!(commit(&*store, vec![]).await, []);
}

pub(crate) async fn a_cancelled_commit_stores_its_whole_batch_or_nothing(fixture: &dyn Fixture) {
    const N: u64 = 100;
    let store = fixture.open().await;
    let (kira, lobby) = (kira(&*store).await, lobby(&*store).await);
    let batch: Vec<_> = (1..=N).map(|n| post(lobby, &kira, n, "Hi")).collect();

    tokio::select! {
        biased;
        _ = store.commit(batch.clone(), decide) => panic!("a commit must not be ready at the first poll"),
        () = std::future::ready(()) => {}
    }
    let n_seen = messages_of(&*store, lobby, &kira).await.len();
    assert!(n_seen == 0 || n_seen == 100, "{n_seen} of {N} were stored");

    let committed = commit(&*store, batch).await;
    let n_now = committed.iter().filter(|outcome| matches!(outcome, Ok(Committed::Now(_)))).count();
    assert!(n_now == 0 || n_now == 100, "{n_now} of {N} were stored by the second commit");
    let messages = messages_of(&*store, lobby, &kira).await;
    assert_eq!(seqs(&messages), (1..=N).collect::<Vec<_>>());
    assert!(messages.iter().zip(1..).all(|(message, n)| message.id == id(n)));
}

pub(crate) async fn a_rule_that_panics_stores_nothing_of_its_batch_and_the_store_stays_usable(fixture: &dyn Fixture) {
    static HAS_PANICKED: AtomicBool = AtomicBool::new(false);
    fn panics_once(submitted: &Submitted, situation: &Situation<'_>) -> Result<Option<What>, Refusal> {
        if situation.target.is_some() {
            HAS_PANICKED.store(true, Ordering::SeqCst);
            panic!("this test's own panic");
        }
        decide(submitted, situation)
    }
    let store = fixture.open().await;
    let (kira, lobby) = (kira(&*store).await, lobby(&*store).await);
    changes(&*store, vec![post(lobby, &kira, 1, "Hi")]).await;

    let failed = store.commit(vec![post(lobby, &kira, 2, "lost"), delete(lobby, &kira, 3, 1)], panics_once).await;

    assert!(matches!(failed, Err(StoreError::Failed(_))), "{failed:?}");
    assert!(HAS_PANICKED.load(Ordering::SeqCst));
    assert_eq!(bodies(&messages_of(&*store, lobby, &kira).await), ["Hi"]);
    let again = commit_one(&*store, post(lobby, &kira, 2, "stored")).await;
    assert!(matches!(again, Ok(Committed::Now(change)) if change.seq == Seq(2)));
    store.check().await.expect("the store is writable");
}
