//! How long the server knows a tab that polls, how tabs are counted, and how they end.

use std::time::{Duration, Instant};

use hubbub_protocol::{ClientFrame, PageReason, Refusal, Seq, ServerFrame};
use tempfile::TempDir;

use crate::support::server::TestServer;
use crate::support::tab::{LONG_WAIT, NO_WAIT, Tab, frames};
use crate::support::{LOBBY, advance_clock, bodies};

fn has_welcome(frames: &[ServerFrame]) -> bool {
    frames.iter().any(|frame| matches!(frame, ServerFrame::Welcome { .. }))
}

#[tokio::test]
async fn a_tab_is_forgotten_30_s_after_its_last_poll_and_only_a_first_poll_opens_it() {
    let server = TestServer::start().await;
    let mut tab = Tab::in_lobby(&server.join("Kira").await).await;
    advance_clock(25).await;
    assert!(!has_welcome(&tab.poll(NO_WAIT).await), "a tab is known for 30 s");
    advance_clock(25).await;
    assert_eq!(tab.posts("still known").await, Seq(1));
    advance_clock(6).await;

    for _ in 0..2 {
        is_not_known(&tab).await;
    }
    tab.reconnects(*server);
    assert!(has_welcome(&tab.poll(LONG_WAIT).await));
    assert_eq!(tab.reads(1).await, ["still known"]);
}

const HELLO_EXPECTED: &str = "{\"error\":{\"refusal\":\"hello_expected\"}}\n";

/// Asserts that every request of a tab but a first poll is refused.
async fn is_not_known(tab: &Tab) {
    let further = tab.request(&format!("/ask?tab={}&wait={LONG_WAIT}", tab.id)).text(&tab.hello());
    for unheard in [tab.say_request(A_POST), further, tab.say_request(r#""ping""#)] {
        let answer = unheard.send().await;
        assert_eq!((answer.status, answer.body.as_str()), (400, HELLO_EXPECTED));
    }
}

const A_POST: &str = r#"{"operation":{"on":{"room":1},"op":"0199c8a5-4c80-7a3b-8d21-5f0e6b9a7c42","what":{"post":{"body":"the later one"}}}}"#;

#[tokio::test]
async fn a_client_whose_tab_was_forgotten_misses_nothing_in_its_next_tab() {
    let server = TestServer::start().await;
    let mut jonas = server.join("Jonas").await.in_lobby().await;
    jonas.sees_present(LOBBY, &["Jonas"]).await;
    let mut kira = Tab::in_lobby(&server.join("Kira").await).await;
    jonas.sees_present(LOBBY, &["Jonas", "Kira"]).await;
    kira.poll(NO_WAIT).await;
    // As by a proxy that closes only its connection to the server.
    drop(kira.begin_poll().await);
    jonas.sees_present(LOBBY, &["Jonas"]).await;
    jonas.posts("meanwhile").await;

    is_not_known(&kira).await;
    jonas.posts("and then").await;
    kira.reconnects(*server);
    let answer = kira.poll(LONG_WAIT).await;
    assert!(
        matches!(
            answer[..3],
            [ServerFrame::Welcome { .. }, ServerFrame::Rows { .. }, ServerFrame::Resumed { to: Seq(2), .. }]
        ),
        "{answer:?}"
    );
    assert_eq!(kira.reads(2).await, ["meanwhile", "and then"]);
    jonas.sees_present(LOBBY, &["Jonas", "Kira"]).await;
}

/// Stops a server, and returns its data folder.
async fn stopped(mut server: TestServer) -> TempDir {
    server.tell_to_stop();
    let (folder, outcome) = server.stopped().await;
    outcome.expect("it was told to stop");
    folder
}

#[tokio::test]
async fn after_a_restore_a_tab_can_not_post_before_it_was_reset() {
    let server = TestServer::start().await;
    let mut kira = Tab::in_lobby(&server.join("Kira").await).await;
    kira.posts("kept").await;
    let (folder, backup) = (stopped(server).await, tempfile::tempdir().expect("a folder"));
    for file in std::fs::read_dir(folder.path()).expect("it is there").flatten() {
        std::fs::copy(file.path(), backup.path().join(file.file_name())).expect("copied");
    }
    let server = TestServer::start_on(folder, &[]).await;
    kira.reconnects(*server);
    kira.poll(LONG_WAIT).await;
    kira.posts("lost").await;
    assert_eq!(kira.reads(2).await, ["kept", "lost"]);
    stopped(server).await;

    // The tab sent no poll while there was no server.
    let server = TestServer::start_on(backup, &[]).await;
    kira.is_moved(*server);
    is_not_known(&kira).await;
    kira.reconnects(*server);
    let answer = kira.poll(LONG_WAIT).await;
    let ServerFrame::Page { reason, page, .. } = &answer[1] else { panic!("{answer:?}") };
    assert_eq!(
        (*reason, page.as_of, bodies(&page.messages)),
        (PageReason::Reset, Seq(1), vec!["kept"]),
        "and not the later one"
    );
    assert_eq!((kira.posts("lost").await, kira.posts("the later one").await), (Seq(2), Seq(3)));
}

#[tokio::test]
async fn a_repeated_first_poll_is_answered_again_and_opens_one_tab() {
    let server = TestServer::start_with(&["--sockets-per-person", "1"]).await;
    let kira = server.join("Kira").await;
    let mut tab = Tab::of(&kira);
    let first = tab.poll_request(LONG_WAIT);
    let answers = [first.clone().send().await, first.clone().send().await, first.send().await];
    for answer in &answers {
        let frames = frames(answer);
        let [ServerFrame::Welcome { .. }, ServerFrame::Page { .. }, ServerFrame::Present { .. }] = &frames[..] else {
            panic!("{frames:?}")
        };
    }
    tab.apply(&answers[1]);
    tab.posts("once").await;
    assert_eq!(tab.reads(1).await, ["once"]);
    assert_eq!(Tab::of(&kira).poll_request(NO_WAIT).send().await.status, 429);
}

#[tokio::test]
async fn the_person_of_a_forgotten_tab_is_no_longer_present() {
    let server = TestServer::start().await;
    let mut jonas = server.join("Jonas").await.in_lobby().await;
    jonas.sees_present(LOBBY, &["Jonas"]).await;
    let mut tab = Tab::in_lobby(&server.join("Kira").await).await;
    jonas.sees_present(LOBBY, &["Jonas", "Kira"]).await;
    tab.poll(NO_WAIT).await;

    let since = Instant::now();
    drop(tab.begin_poll().await);
    jonas.sees_present(LOBBY, &["Jonas"]).await;
    assert!((4..20).contains(&since.elapsed().as_secs()), "5 s after it broke off, not {:?}", since.elapsed());
}

#[tokio::test]
async fn a_tab_is_not_forgotten_while_its_poll_waits() {
    let server = TestServer::start().await;
    let mut jonas = server.join("Jonas").await.in_lobby().await;
    let mut tab = Tab::in_lobby(&server.join("Kira").await).await;
    jonas.sees_present(LOBBY, &["Jonas", "Kira"]).await;
    tab.poll(NO_WAIT).await;
    let waiting = tab.begin_poll().await;
    advance_clock(45).await;
    jonas.posts("after 45 s").await;
    tab.apply(&waiting.answer().await);
    assert_eq!(tab.reads(1).await, ["after 45 s"]);
    assert!(!has_welcome(&tab.poll(NO_WAIT).await), "it was not forgotten meanwhile");
}

#[tokio::test]
async fn a_tab_counts_as_a_connection_until_it_is_forgotten() {
    let server = TestServer::start_with(&["--sockets-per-person", "2"]).await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let (socket, mut tab) = (kira.open().await, Tab::in_lobby(&kira).await);
    assert_eq!(kira.try_open(&[]).await.err(), Some(429));
    let refused = Tab::of(&kira).poll_request(LONG_WAIT).send().await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.body, "{\"error\":{\"refusal\":\"too_many_connections\"}}\n");
    tab.poll(NO_WAIT).await;
    Tab::in_lobby(&jonas).await;

    drop(socket);
    advance_clock(31).await;
    let (_one, _other) = (Tab::in_lobby(&kira).await, kira.open().await);
    tab.reconnects(*server);
    assert_eq!(tab.poll_request(NO_WAIT).send().await.status, 429, "it was forgotten, and others have its place");
}

#[tokio::test]
async fn the_tabs_of_an_address_are_capped() {
    let server = TestServer::start_with(&["--sockets-per-address", "1"]).await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    Tab::in_lobby(&kira).await;
    assert_eq!(Tab::of(&jonas).poll_request(NO_WAIT).send().await.status, 429);
}

#[tokio::test]
async fn a_session_can_not_use_the_tab_of_another_session() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let mut at_kira = Tab::in_lobby(&kira).await;
    let mut at_jonas = Tab::of(&jonas);
    at_jonas.id = at_kira.id;

    is_not_known(&at_jonas).await;
    let waiting = at_kira.begin_poll().await;
    let answer = at_jonas.poll(LONG_WAIT).await;
    assert!(matches!(&answer[0], ServerFrame::Welcome { you, .. } if you.name == "Jonas"), "{answer:?}");
    at_jonas.posts("each to their own").await;
    at_kira.apply(&waiting.answer().await);
    assert_eq!(at_kira.reads(1).await, ["each to their own"]);
}

#[tokio::test]
async fn a_session_that_ends_answers_its_waiting_poll_and_forgets_its_tabs() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let mut at_jonas = jonas.in_lobby().await;
    at_jonas.sees_present(LOBBY, &["Jonas"]).await;
    let (mut one, other) = (Tab::in_lobby(&kira).await, Tab::in_lobby(&kira).await);
    at_jonas.sees_present(LOBBY, &["Jonas", "Kira"]).await;
    one.poll(NO_WAIT).await;
    let waiting = one.begin_poll().await;

    let since = Instant::now();
    kira.leaves().await;
    let bye = ServerFrame::Bye { reconnect_after_ms: 0, refusal: Some(Refusal::SignedOut) };
    assert_eq!(frames(&waiting.answer().await), [bye]);
    at_jonas.sees_present(LOBBY, &["Jonas"]).await;
    assert!(since.elapsed().as_secs() < 5, "it took {:?}", since.elapsed());

    let signed_out = "{\"error\":{\"refusal\":\"signed_out\"}}\n";
    for tab in [&one, &other] {
        let said = tab.say_request(r#"{"operation":{"on":{"room":1},"op":"0199c8a5-4c80-7a3b-8d21-5f0e6b9a7c42","what":{"post":{"body":"x"}}}}"#);
        for answer in [tab.poll_request(LONG_WAIT).send().await, said.send().await] {
            assert_eq!((answer.status, answer.body.as_str()), (401, signed_out));
        }
    }
}

#[tokio::test]
async fn a_server_that_stops_answers_waiting_polls_with_bye() {
    let mut server = TestServer::start().await;
    let mut waiting = Vec::new();
    let _idle = Tab::in_lobby(&server.join("Jonas").await).await;
    for n in 0..10 {
        let mut tab = Tab::in_lobby(&server.join(&format!("Person {n}")).await).await;
        tab.cursors.clear();
        tab.say(&ClientFrame::Leave { room: LOBBY }).await;
        tab.poll(NO_WAIT).await;
        waiting.push(tab.begin_poll().await);
    }
    let since = Instant::now();
    server.tell_to_stop();
    let mut times = Vec::new();
    for ask in waiting {
        let answer = frames(&ask.answer().await);
        let [ServerFrame::Bye { reconnect_after_ms, refusal: None }] = answer[..] else { panic!("{answer:?}") };
        times.push(reconnect_after_ms);
    }
    server.stopped().await.1.expect("it was told to stop");
    assert!(since.elapsed() < Duration::from_secs(5), "it took {:?}", since.elapsed());
    assert!(times.iter().all(|ms| *ms <= 10_000), "{times:?}");
    times.sort_unstable();
    assert!(times[9] > times[0] + 1_000, "ten of them are spread: {times:?}");
}
