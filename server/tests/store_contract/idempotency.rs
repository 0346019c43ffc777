//! Contract tests of repeated operations: the same id with the same content gets the first ack again, also after other
//! operations on the message, and with other content it is a conflict.

use hubbub::store::{Committed, OperationError, Store, Submitted};
use hubbub_protocol::{Member, RoomId, Seq, UnixMillis};

use crate::fixture::{
    Fixture, bodies, changes, commit, commit_one, delete, describe, edit, jonas, kira, lobby, message_of, messages_of,
    pin, post, react, reply, room,
};

const CONFLICT: Result<Committed, OperationError> = Err(OperationError::Conflict);

/// Returns the operation as it is sent again, some time later.
fn again(submitted: &Submitted) -> Submitted {
    Submitted { at: UnixMillis(submitted.at.0 + 1_000_000), ..submitted.clone() }
}

fn before(submitted: &Submitted, seq: u64) -> Result<Committed, OperationError> {
    Ok(Committed::Before { seq: Seq(seq), at: submitted.at })
}

/// Returns a room of Kira's with a message 1 of hers and a message 2 of Jonas's.
async fn talk(store: &dyn Store) -> (Member, Member, RoomId) {
    let (kira, jonas) = (kira(store).await, jonas(store).await);
    let tea = room(store, "Tea", &kira).await.id;
    changes(store, vec![post(tea, &kira, 1, "Hi"), post(tea, &jonas, 2, "Hi Kira")]).await;
    (kira, jonas, tea)
}

pub(crate) async fn each_operation_that_is_repeated_gets_its_first_ack_and_changes_nothing(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, _, tea) = talk(&*store).await;
    let operations = [
        post(tea, &kira, 11, "more"),
        reply(tea, &kira, 12, 2, "answer"),
        edit(tea, &kira, 13, 1, "Hello"),
        react(tea, &kira, 14, 2, "👍", true),
        react(tea, &kira, 15, 2, "👍", false),
        pin(tea, &kira, 16, 2, true),
        pin(tea, &kira, 17, 2, false),
        describe(tea, &kira, 18, "Tea", "Earl Grey"),
        delete(tea, &kira, 19, 11),
    ];
    changes(&*store, operations.to_vec()).await;
    let messages = messages_of(&*store, tea, &kira).await;

    // All at once, and then one by one.
    let expected: Vec<_> = operations.iter().zip(3..).map(|(submitted, seq)| before(submitted, seq)).collect();
    assert_eq!(commit(&*store, operations.iter().map(again).collect()).await, expected);
    for (submitted, expected) in operations.iter().zip(expected) {
        assert_eq!(commit_one(&*store, again(submitted)).await, expected, "{submitted:?}");
    }

    assert_eq!(messages_of(&*store, tea, &kira).await, messages);
    assert_eq!(store.head(tea).await.expect("a head"), Some(Seq(11)));
}

pub(crate) async fn an_operation_twice_in_one_batch_has_one_effect(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, _, tea) = talk(&*store).await;
    let operations = [
        post(tea, &kira, 11, "more"),
        edit(tea, &kira, 13, 1, "Hello"),
        react(tea, &kira, 14, 2, "👍", true),
        pin(tea, &kira, 16, 2, true),
        delete(tea, &kira, 19, 1),
    ];
    for (submitted, seq) in operations.into_iter().zip(3..) {
        let other_body = post(tea, &kira, 11, "other");
        let outcomes = commit(&*store, vec![submitted.clone(), again(&submitted), again(&submitted)]).await;
        assert!(matches!(&outcomes[0], Ok(Committed::Now(change)) if change.seq == Seq(seq)), "{outcomes:?}");
        assert_eq!(outcomes[1..], [before(&submitted, seq), before(&submitted, seq)]);
        assert_eq!(commit(&*store, vec![other_body.clone(), other_body]).await, [CONFLICT, CONFLICT]);
    }
    assert_eq!(bodies(&messages_of(&*store, tea, &kira).await), ["", "Hi Kira", "more"]);
}

pub(crate) async fn an_id_with_other_content_or_of_another_member_is_a_conflict(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, jonas, tea) = talk(&*store).await;
    let operations = vec![
        post(tea, &kira, 11, "more"),
        reply(tea, &kira, 12, 2, "answer"),
        edit(tea, &kira, 13, 1, "Hello"),
        react(tea, &kira, 14, 2, "👍", true),
        pin(tea, &kira, 16, 2, true),
        describe(tea, &kira, 18, "Tea", "Earl Grey"),
        delete(tea, &kira, 19, 11),
    ];
    changes(&*store, operations).await;
    let messages = messages_of(&*store, tea, &kira).await;

    let others = vec![
        // Other content.
        post(tea, &kira, 1, "hi"),
        post(tea, &kira, 12, "answer"),
        reply(tea, &kira, 12, 1, "answer"),
        reply(tea, &kira, 1, 2, "Hi"),
        edit(tea, &kira, 13, 1, "Hallo"),
        react(tea, &kira, 14, 2, "👍", false),
        react(tea, &kira, 14, 2, "🎉", true),
        react(tea, &kira, 14, 1, "👍", true),
        pin(tea, &kira, 16, 2, false),
        pin(tea, &kira, 16, 1, true),
        describe(tea, &kira, 18, "Tea", "Assam"),
        describe(tea, &kira, 18, "TeaEarl", "Grey"),
        delete(tea, &kira, 19, 1),
        // Another kind.
        edit(tea, &kira, 1, 1, "Hi"),
        post(tea, &kira, 13, "Hello"),
        delete(tea, &kira, 13, 1),
        pin(tea, &kira, 14, 2, true),
        post(tea, &kira, 18, "Tea"),
        // Another member.
        post(tea, &jonas, 1, "Hi"),
        edit(tea, &jonas, 13, 1, "Hello"),
        react(tea, &jonas, 14, 2, "👍", true),
        pin(tea, &jonas, 16, 2, true),
        delete(tea, &jonas, 19, 11),
    ];
    for other in others {
        assert_eq!(commit_one(&*store, other.clone()).await, CONFLICT, "{other:?}");
    }

    assert_eq!(messages_of(&*store, tea, &kira).await, messages);
    assert_eq!(store.head(tea).await.expect("a head"), Some(Seq(9)));
}

pub(crate) async fn a_post_is_recognised_after_its_message_was_edited_and_deleted(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, jonas, tea) = talk(&*store).await;
    let first = post(tea, &kira, 1, "Hi");

    changes(&*store, vec![edit(tea, &kira, 11, 1, "Hello"), edit(tea, &kira, 12, 1, "Hallo")]).await;
    assert_eq!(commit_one(&*store, again(&first)).await, before(&first, 1));
    assert_eq!(commit_one(&*store, post(tea, &kira, 1, "Hallo")).await, CONFLICT, "the text that was edited in");

    changes(&*store, vec![delete(tea, &kira, 13, 1)]).await;
    assert_eq!(commit_one(&*store, again(&first)).await, before(&first, 1));
    assert_eq!(
        commit_one(&*store, post(tea, &kira, 1, "whatever")).await,
        before(&first, 1),
        "once the text is erased, author, kind and target decide"
    );
    assert_eq!(commit_one(&*store, post(tea, &jonas, 1, "Hi")).await, CONFLICT);
    assert_eq!(commit_one(&*store, reply(tea, &kira, 1, 2, "Hi")).await, CONFLICT);
    assert_eq!(bodies(&messages_of(&*store, tea, &kira).await), ["", "Hi Kira"]);
}

pub(crate) async fn an_edit_is_recognised_after_further_edits_and_the_deletion(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, _, tea) = talk(&*store).await;
    let first = edit(tea, &kira, 11, 1, "Hello");
    changes(&*store, vec![first.clone(), edit(tea, &kira, 12, 1, "Hallo")]).await;

    assert_eq!(commit_one(&*store, again(&first)).await, before(&first, 3));
    assert_eq!(commit_one(&*store, edit(tea, &kira, 11, 1, "Hallo")).await, CONFLICT);
    assert_eq!(message_of(&*store, tea, &kira, 1).await.body, "Hallo", "the last edit stays");

    changes(&*store, vec![delete(tea, &kira, 13, 1)]).await;
    assert_eq!(commit_one(&*store, again(&first)).await, before(&first, 3));
    assert_eq!(
        commit_one(&*store, edit(tea, &kira, 11, 1, "whatever")).await,
        before(&first, 3),
        "once the text is erased, author, kind and target decide"
    );
    assert_eq!(commit_one(&*store, edit(tea, &kira, 11, 2, "Hello")).await, CONFLICT);
    assert!(message_of(&*store, tea, &kira, 1).await.is_deleted());
}

pub(crate) async fn operations_that_changed_nothing_are_remembered(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, _, tea) = talk(&*store).await;
    changes(&*store, vec![react(tea, &kira, 11, 2, "👍", true), pin(tea, &kira, 12, 2, true)]).await;
    let unchanged = [
        edit(tea, &kira, 21, 1, "Hi"),
        react(tea, &kira, 22, 2, "👍", true),
        react(tea, &kira, 23, 2, "🎉", false),
        pin(tea, &kira, 24, 2, true),
        pin(tea, &kira, 25, 1, false),
        describe(tea, &kira, 26, "Tea", ""),
    ];
    for submitted in &unchanged {
        let outcome = commit_one(&*store, submitted.clone()).await;
        assert_eq!(outcome, Ok(Committed::Unchanged { seq: Seq(4), at: submitted.at }), "{submitted:?}");
    }
    // Each of them would change something now.
    changes(
        &*store,
        vec![
            edit(tea, &kira, 31, 1, "Hello"),
            react(tea, &kira, 32, 2, "👍", false),
            react(tea, &kira, 33, 2, "🎉", true),
            pin(tea, &kira, 34, 2, false),
            pin(tea, &kira, 35, 1, true),
            describe(tea, &kira, 36, "Coffee", ""),
        ],
    )
    .await;
    for submitted in &unchanged {
        assert_eq!(commit_one(&*store, again(submitted)).await, before(submitted, 4), "{submitted:?}");
    }
    assert_eq!(commit_one(&*store, edit(tea, &kira, 21, 1, "Hello")).await, CONFLICT);
    assert_eq!(message_of(&*store, tea, &kira, 1).await.body, "Hello");
    assert_eq!(store.head(tea).await.expect("a head"), Some(Seq(10)));
}

pub(crate) async fn a_refused_operation_is_not_remembered(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (kira, lobby) = (kira(&*store).await, lobby(&*store).await);
    let early = reply(lobby, &kira, 2, 1, "answer");
    assert!(commit_one(&*store, early.clone()).await.is_err(), "there is no message to answer yet");
    changes(&*store, vec![post(lobby, &kira, 1, "Hi")]).await;
    assert!(matches!(commit_one(&*store, early).await, Ok(Committed::Now(_))));
}

pub(crate) async fn an_operation_is_remembered_for_30_days(fixture: &dyn Fixture) {
    const DAY_MS: u64 = 24 * 60 * 60 * 1000;
    let store = fixture.open().await;
    let (kira, _, tea) = talk(&*store).await;
    let on_day =
        |day: u64, submitted: Submitted| Submitted { at: UnixMillis(submitted.at.0 + day * DAY_MS), ..submitted };
    let first = pin(tea, &kira, 11, 1, true);
    let second = on_day(2, pin(tea, &kira, 12, 2, true));
    changes(&*store, vec![first.clone(), second.clone()]).await;

    changes(&*store, vec![on_day(31, react(tea, &kira, 13, 2, "👍", true))]).await;
    assert_eq!(commit_one(&*store, second.clone()).await, before(&second, 4), "29 days ago");
    let forgotten = commit_one(&*store, on_day(31, first)).await;
    assert!(matches!(forgotten, Ok(Committed::Unchanged { .. })), "31 days ago: {forgotten:?}");
    let of_a_post = post(tea, &kira, 1, "Hi");
    assert_eq!(commit_one(&*store, on_day(31, of_a_post.clone())).await, before(&of_a_post, 1), "posts, for ever");
}
