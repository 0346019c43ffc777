//! Contract tests of sessions and of the names that they hold.

use std::sync::Arc;

use hubbub::store::{NewSession, Session, StartSessionError, Store};
use hubbub_protocol::UnixMillis;
use hubbub_protocol::text::DisplayName;

use crate::fixture::{Fixture, NOW, TOMORROW, append, draft, kira, lobby, log_of, named, token};

/// A moment after everyone's session has expired.
const LATER: UnixMillis = UnixMillis(TOMORROW.0 + 1);

async fn is_live(store: &dyn Store, n: u8, now: UnixMillis) -> bool {
    store.session(token(n), now).await.expect("an answer").is_some()
}

/// What is offered to someone who asks for a name that is taken.
async fn offered(store: &dyn Store, session: NewSession) -> DisplayName {
    match store.start_session(session).await {
        Err(StartSessionError::NameTaken { free }) => free,
        other => panic!("the name should be taken: {other:?}"),
    }
}

pub(crate) async fn a_session_lives_until_it_expires(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let kira = kira(&*store).await;
    assert_eq!(kira.name, "Kira");

    let session = store.session(token(1), NOW).await.expect("an answer");
    assert_eq!(session, Some(Session { member: kira, expires_at: TOMORROW }));
    assert!(is_live(&*store, 1, UnixMillis(TOMORROW.0 - 1)).await);
    assert!(!is_live(&*store, 1, TOMORROW).await);
    assert!(!is_live(&*store, 2, NOW).await, "a token that no one has");
}

pub(crate) async fn an_extended_session_lives_longer(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    kira(&*store).await;

    store.extend_session(token(1), UnixMillis(LATER.0 + 1)).await.expect("extended");
    store.extend_session(token(9), LATER).await.expect("no one's session is extended without harm");

    assert!(is_live(&*store, 1, LATER).await);
    assert!(!is_live(&*store, 9, NOW).await);
    let asked_again = NewSession { at: LATER, ..named("Kira", 2) };
    assert_eq!(offered(&*store, asked_again).await.as_str(), "Kira 2");
}

pub(crate) async fn an_ended_session_is_gone_and_ending_it_again_is_fine(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    kira(&*store).await;
    store.start_session(named("Jonas", 2)).await.expect("Jonas is free");

    for _ in 0..2 {
        store.end_session(token(1)).await.expect("ended");
    }

    assert!(!is_live(&*store, 1, NOW).await);
    assert!(is_live(&*store, 2, NOW).await, "the others stay");
    assert_eq!(offered(&*store, named("Jonas", 3)).await.as_str(), "Jonas 2");
}

pub(crate) async fn a_name_is_taken_in_any_case_of_its_letters(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    kira(&*store).await;
    store.start_session(named("Åsa Öberg", 2)).await.expect("free");

    assert_eq!(offered(&*store, named("kIRA", 3)).await.as_str(), "kIRA 2");
    assert_eq!(offered(&*store, named("åSA öBERG", 3)).await.as_str(), "åSA öBERG 2");
    assert!(!is_live(&*store, 3, NOW).await, "who is refused has no session");
}

pub(crate) async fn the_variant_offered_is_the_first_that_is_free(fixture: &dyn Fixture) {
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

    assert_ne!(first.id, second.id, "whoever comes later is someone else");
    assert_eq!(offered(&*store, named("Kira", 3)).await.as_str(), "Kira 2");
}

pub(crate) async fn a_name_is_free_again_after_its_session_expires(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    kira(&*store).await;
    store.start_session(NewSession { expires_at: LATER, ..named("Jonas", 2) }).await.expect("free");

    let at_expiry = NewSession { at: TOMORROW, expires_at: LATER, ..named("KIRA", 3) };
    store.start_session(at_expiry).await.expect("the name is free");

    assert!(!is_live(&*store, 1, NOW).await, "who lost the name lost the session");
    assert!(is_live(&*store, 2, TOMORROW).await, "who has not expired stays");
    assert!(is_live(&*store, 3, TOMORROW).await);
    store.extend_session(token(1), LATER).await.expect("an answer");
    assert!(!is_live(&*store, 1, NOW).await, "nor does it come back");
}

pub(crate) async fn a_name_goes_to_one_of_those_who_ask_for_it_at_once(fixture: &dyn Fixture) {
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

pub(crate) async fn old_messages_keep_the_name_they_were_written_under(fixture: &dyn Fixture) {
    let store = fixture.open().await;
    let (first, lobby) = (kira(&*store).await, lobby(&*store).await);
    append(&*store, vec![draft(lobby, &first, 1, "Hi")]).await;
    store.end_session(token(1)).await.expect("ended");
    let second = store.start_session(named("KIRA", 2)).await.expect("the name is free");
    append(&*store, vec![draft(lobby, &second, 2, "HI")]).await;

    let authors: Vec<_> = log_of(&*store, lobby).await.into_iter().map(|event| event.by).collect();

    assert_eq!(authors, [first, second]);
}
