//! Contract tests of sessions and of the names that they hold.

use std::sync::Arc;

use hubbub::store::{NewSession, Session, StartSessionError, Store};
use hubbub_protocol::UnixMillis;
use hubbub_protocol::text::DisplayName;

use crate::fixture::{Fixture, NOW, TOMORROW, changes, kira, lobby, messages_of, named, post, token};

/// A time after TOMORROW, when the sessions of these tests have expired.
const LATER: UnixMillis = UnixMillis(TOMORROW.0 + 1);

async fn is_live(store: &dyn Store, n: u8, now: UnixMillis) -> bool {
    store.session(token(n), now).await.expect("an answer").is_some()
}

/// Starts a session with a name that is taken. Returns the free name that the store offers.
async fn offered(store: &dyn Store, session: NewSession) -> DisplayName {
    match store.start_session(session).await {
        Err(StartSessionError::NameTaken { free }) => free,
        other => panic!("the name should be taken: {other:?}"),
    }
}

pub(crate) async fn a_session_is_valid_until_it_expires(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let kira = kira(&*store).await;
    assert_eq!(kira.name, "Kira");

    let session = store.session(token(1), NOW).await.expect("an answer");
    assert_eq!(session, Some(Session { member: kira, expires_at: TOMORROW }));
    assert!(is_live(&*store, 1, UnixMillis(TOMORROW.0 - 1)).await);
    assert!(!is_live(&*store, 1, TOMORROW).await);
    assert!(!is_live(&*store, 2, NOW).await, "no session has this token");
}

pub(crate) async fn an_extended_session_expires_later(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    kira(&*store).await;

    store.extend_session(token(1), UnixMillis(LATER.0 + 1)).await.expect("extended");
    store.extend_session(token(9), LATER).await.expect("extending an unknown session is no error");

    assert!(is_live(&*store, 1, LATER).await);
    assert!(!is_live(&*store, 9, NOW).await);
    let asked_again = NewSession { at: LATER, ..named("Kira", 2) };
    assert_eq!(offered(&*store, asked_again).await.as_str(), "Kira 2");
}

pub(crate) async fn an_ended_session_is_invalid_and_may_be_ended_again(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    kira(&*store).await;
    store.start_session(named("Jonas", 2)).await.expect("Jonas's name is free");

    for _ in 0..2 {
        store.end_session(token(1)).await.expect("ended");
    }

    assert!(!is_live(&*store, 1, NOW).await);
    assert!(is_live(&*store, 2, NOW).await, "other sessions stay valid");
    assert_eq!(offered(&*store, named("Jonas", 3)).await.as_str(), "Jonas 2");
}

pub(crate) async fn a_name_is_taken_in_any_letter_case(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    kira(&*store).await;
    store.start_session(named("Åsa Öberg", 2)).await.expect("free");

    assert_eq!(offered(&*store, named("kIRA", 3)).await.as_str(), "kIRA 2");
    assert_eq!(offered(&*store, named("åSA öBERG", 3)).await.as_str(), "åSA öBERG 2");
    assert!(!is_live(&*store, 3, NOW).await, "a refused request starts no session");
}

pub(crate) async fn the_offered_name_has_the_lowest_free_number(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    kira(&*store).await;
    store.start_session(named("KIRA 3", 100)).await.expect("free");
    for n in [2, 4].into_iter().chain(5..40) {
        let offered = offered(&*store, named("Kira", n)).await;
        assert_eq!(offered.as_str(), format!("Kira {n}"));
        store.start_session(NewSession { name: offered, ..named("Kira", n) }).await.expect("what is offered is free");
    }
    store.end_session(token(7)).await.expect("ended");
    assert_eq!(offered(&*store, named("Kira", 7)).await.as_str(), "Kira 7");
}

pub(crate) async fn a_long_name_is_shortened_to_leave_room_for_its_number(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let name = format!("{} {}", "ß".repeat(37), "zz");
    store.start_session(named(&name, 1)).await.expect("free");

    let offered = offered(&*store, named(&name, 2)).await;

    assert_eq!(offered.as_str(), format!("{} 2", "ß".repeat(37)));
    store.start_session(NewSession { name: offered, ..named("Kira", 2) }).await.expect("what is offered is free");
}

pub(crate) async fn a_name_is_free_again_after_its_session_ends(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let first = kira(&*store).await;
    store.end_session(token(1)).await.expect("ended");

    let second = store.start_session(named("kira", 2)).await.expect("the name is free");

    assert_ne!(first.id, second.id, "the new session belongs to a new member");
    assert_eq!(offered(&*store, named("Kira", 3)).await.as_str(), "Kira 2");
}

pub(crate) async fn a_name_is_free_again_after_its_session_expires(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    kira(&*store).await;
    store.start_session(NewSession { expires_at: LATER, ..named("Jonas", 2) }).await.expect("free");

    let at_expiry = NewSession { at: TOMORROW, expires_at: LATER, ..named("KIRA", 3) };
    store.start_session(at_expiry).await.expect("the name is free");

    assert!(!is_live(&*store, 1, NOW).await, "an expired session stays invalid after its name is taken");
    assert!(is_live(&*store, 2, TOMORROW).await, "a session that has not expired stays valid");
    assert!(is_live(&*store, 3, TOMORROW).await);
    store.extend_session(token(1), LATER).await.expect("an answer");
    assert!(!is_live(&*store, 1, NOW).await, "extending an expired session does not restore it");
}

pub(crate) async fn concurrent_requests_for_a_name_start_one_session(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let asking: Vec<_> = (0..16)
        .map(|n| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.start_session(named("Kira", n)).await })
        })
        .collect();
    let mut n_started = 0;
    for asked in asking {
        match asked.await.expect("the task ends") {
            Ok(_) => n_started += 1,
            Err(StartSessionError::NameTaken { free }) => assert_eq!(free.as_str(), "Kira 2"),
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(n_started, 1);
}

pub(crate) async fn old_messages_keep_their_author_when_the_name_is_taken_again(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (first, lobby) = (kira(&*store).await, lobby(&*store).await);
    changes(&*store, vec![post(lobby, &first, 1, "Hi")]).await;
    store.end_session(token(1)).await.expect("ended");
    let second = store.start_session(named("KIRA", 2)).await.expect("the name is free");
    changes(&*store, vec![post(lobby, &second, 2, "HI")]).await;

    let messages = messages_of(&*store, lobby, &second).await;
    let authors: Vec<_> = messages.into_iter().map(|message| message.by).collect();

    assert_eq!(authors, [first, second]);
}
