//! Contract tests of the log: seqs without gaps, each message once, and no refusal that affects other drafts.

use std::sync::Arc;

use hubbub::store::{AppendError, Appended, Store};
use hubbub_protocol::{Event, Member, MemberId, RoomId, Seq};

use crate::fixture::{Fixture, append, bodies, draft, event, id, jonas, kira, lobby, log_of, room, seqs};

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

    let log = log_of(&*store, lobby).await;
    assert_eq!(seqs(&log), (1..=N_WRITERS * N_EACH).collect::<Vec<_>>());
    assert_eq!(store.head(lobby).await.expect("a head"), Some(Seq(N_WRITERS * N_EACH)));
    for writer in 0..N_WRITERS {
        let prefix = format!("{writer}: ");
        let said: Vec<&str> = bodies(&log).into_iter().filter_map(|body| body.strip_prefix(&prefix)).collect();
        assert_eq!(said, (0..N_EACH).map(|n| n.to_string()).collect::<Vec<_>>());
    }
}

async fn write_one_by_one(store: Arc<dyn Store>, by: Member, room: RoomId, writer: u64, n: u64) {
    let mut last = Seq(0);
    for i in 0..n {
        let draft = draft(room, &by, writer * n + i, &format!("{writer}: {i}"));
        let answers = append(&*store, vec![draft]).await;
        let [Ok(Appended::Now(event))] = answers.as_slice() else { panic!("not stored: {answers:?}") };
        assert!(event.seq > last, "a writer's messages keep their order");
        last = event.seq;
    }
}

pub(crate) async fn an_event_is_read_back_as_append_returned_it(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, lobby) = (kira(&*store).await, lobby(&*store).await);
    let difficult = "\"quotes\", \\back\\slashes,\n\tlines, {\"json\": [1]}, ' OR 1=1 --, é, 日本, 😀, \u{202E}turned";
    let draft = draft(lobby, &kira, 1, difficult);

    let answers = append(&*store, vec![draft.clone()]).await;

    assert_eq!(answers, [Ok(Appended::Now(event(&draft, &kira, 1)))]);
    assert_eq!(log_of(&*store, lobby).await, [event(&draft, &kira, 1)]);
}

pub(crate) async fn results_come_in_batch_order_and_each_room_counts_its_own_seqs(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, jonas, lobby) = (kira(&*store).await, jonas(&*store).await, lobby(&*store).await);
    let tea = room(&*store, "Tea", &kira).await.id;
    let batch = [
        draft(lobby, &kira, 4, "a"),
        draft(tea, &jonas, 3, "b"),
        draft(lobby, &jonas, 2, "c"),
        draft(tea, &kira, 1, "d"),
    ];

    let answers = append(&*store, batch.to_vec()).await;

    let expected = [
        event(&batch[0], &kira, 1),
        event(&batch[1], &jonas, 1),
        event(&batch[2], &jonas, 2),
        event(&batch[3], &kira, 2),
    ];
    assert_eq!(answers, expected.clone().map(|event| Ok(Appended::Now(event))));
    let [a, b, c, d] = expected;
    assert_eq!(log_of(&*store, lobby).await, [a, c]);
    assert_eq!(log_of(&*store, tea).await, [b, d]);
}

pub(crate) async fn a_repeated_draft_is_answered_with_its_first_seq(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, lobby) = (kira(&*store).await, lobby(&*store).await);
    let first = draft(lobby, &kira, 1, "Hi");
    append(&*store, vec![first.clone(), draft(lobby, &kira, 2, "humans!")]).await;

    let mut again = first.clone();
    again.at.0 += 1_000;
    let answers = append(&*store, vec![again, draft(lobby, &kira, 3, "All well?")]).await;

    assert_eq!(answers[0], Ok(Appended::Before { seq: Seq(1), at: first.at }));
    assert!(matches!(&answers[1], Ok(Appended::Now(Event { seq: Seq(3), .. }))), "{answers:?}");
    assert_eq!(bodies(&log_of(&*store, lobby).await), ["Hi", "humans!", "All well?"]);
}

pub(crate) async fn reusing_the_id_of_another_message_is_a_conflict_and_changes_nothing(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, jonas, lobby) = (kira(&*store).await, jonas(&*store).await, lobby(&*store).await);
    let first = draft(lobby, &kira, 1, "Hi");
    append(&*store, vec![first.clone()]).await;

    let other_body = draft(lobby, &kira, 1, "hi");
    let other_author = draft(lobby, &jonas, 1, "Hi");
    let answers = append(&*store, vec![other_body, other_author]).await;

    assert_eq!(answers, [Err(AppendError::Conflict), Err(AppendError::Conflict)]);
    assert_eq!(log_of(&*store, lobby).await, [event(&first, &kira, 1)]);
    assert_eq!(store.head(lobby).await.expect("a head"), Some(Seq(1)));
}

pub(crate) async fn the_same_id_twice_in_one_batch_is_stored_once(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, lobby) = (kira(&*store).await, lobby(&*store).await);
    let first = draft(lobby, &kira, 1, "Hi");
    let mut again = first.clone();
    again.at.0 += 1_000;
    let other = draft(lobby, &kira, 1, "Bye");
    let after = draft(lobby, &kira, 2, "humans!");

    let answers = append(&*store, vec![first.clone(), again, other, after.clone()]).await;

    assert_eq!(
        answers,
        [
            Ok(Appended::Now(event(&first, &kira, 1))),
            Ok(Appended::Before { seq: Seq(1), at: first.at }),
            Err(AppendError::Conflict),
            Ok(Appended::Now(event(&after, &kira, 2))),
        ]
    );
    assert_eq!(bodies(&log_of(&*store, lobby).await), ["Hi", "humans!"]);
    assert_eq!(store.head(lobby).await.expect("a head"), Some(Seq(2)), "a draft that was not stored uses no seq");
}

pub(crate) async fn one_id_may_be_used_in_two_rooms(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, lobby) = (kira(&*store).await, lobby(&*store).await);
    let tea = room(&*store, "Tea", &kira).await.id;

    let answers = append(&*store, vec![draft(lobby, &kira, 1, "Hi"), draft(tea, &kira, 1, "Tea?")]).await;

    assert!(answers.iter().all(|answer| matches!(answer, Ok(Appended::Now(_)))), "{answers:?}");
}

pub(crate) async fn a_refused_draft_does_not_affect_the_others(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, lobby) = (kira(&*store).await, lobby(&*store).await);
    append(&*store, vec![draft(lobby, &kira, 1, "Hi")]).await;
    let nowhere = RoomId(4_711);

    let answers = append(
        &*store,
        vec![
            draft(lobby, &kira, 2, "before"),
            draft(nowhere, &kira, 3, "nowhere"),
            draft(nowhere, &kira, 3, "nowhere"),
            draft(RoomId(u64::MAX), &kira, 4, "nowhere at all"),
            draft(lobby, &kira, 1, "conflict"),
            draft(lobby, &kira, 5, "after"),
        ],
    )
    .await;

    let refused: Vec<_> = answers.iter().map(|answer| answer.as_ref().err().copied()).collect();
    let (no_room, conflict) = (Some(AppendError::NoSuchRoom), Some(AppendError::Conflict));
    assert_eq!(refused, [None, no_room, no_room, no_room, conflict, None]);
    assert_eq!(bodies(&log_of(&*store, lobby).await), ["Hi", "before", "after"]);
    assert_eq!(store.head(nowhere).await.expect("an answer"), None);
}

pub(crate) async fn a_draft_of_an_unknown_author_is_refused_and_the_others_are_stored(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, lobby) = (kira(&*store).await, lobby(&*store).await);
    let nobody = Member { id: MemberId(4_711), name: "Nobody".to_owned() };
    let (before, after) = (draft(lobby, &kira, 1, "before"), draft(lobby, &kira, 3, "after"));

    let answers = append(&*store, vec![before.clone(), draft(lobby, &nobody, 2, "boo"), after.clone()]).await;

    assert_eq!(answers[0], Ok(Appended::Now(event(&before, &kira, 1))));
    assert!(answers[1].is_err());
    assert_eq!(answers[2], Ok(Appended::Now(event(&after, &kira, 2))));
    assert_eq!(seqs(&log_of(&*store, lobby).await), [1, 2]);
}

pub(crate) async fn an_empty_batch_is_accepted(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    assert_eq!(append(&*store, vec![]).await, []);
}

pub(crate) async fn a_cancelled_append_stores_its_whole_batch_or_nothing(fixture: &dyn Fixture) {
    const N: u64 = 100;
    let store = fixture.open().await;
    let (kira, lobby) = (kira(&*store).await, lobby(&*store).await);
    let batch: Vec<_> = (1..=N).map(|n| draft(lobby, &kira, n, "Hi")).collect();

    tokio::select! {
        biased;
        _ = store.append(batch.clone()) => panic!("append must not be ready at the first poll"),
        () = std::future::ready(()) => {}
    }
    let seen = log_of(&*store, lobby).await.len();
    assert!(seen == 0 || seen == 100, "{seen} of {N} were stored");

    let answers = append(&*store, batch).await;
    let n_now = answers.iter().filter(|answer| matches!(answer, Ok(Appended::Now(_)))).count();
    assert!(n_now == 0 || n_now == 100, "{n_now} of {N} were stored by the second append");
    let log = log_of(&*store, lobby).await;
    assert_eq!(seqs(&log), (1..=N).collect::<Vec<_>>());
    assert!(log.iter().zip(1..).all(|(event, n)| event.at == draft(lobby, &kira, n, "Hi").at && id(n) != id(n + 1)));
}
