//! Tabs that poll come and go: how long each is known, what it counts for, and how it is sent away.

use std::time::{Duration, Instant};

use hubbub_protocol::{ClientFrame, Refusal, Seq, ServerFrame, SnapshotReason};
use tempfile::TempDir;

use crate::support::server::TestServer;
use crate::support::tab::{LONG, NOT, Tab, frames};
use crate::support::{LOBBY, advance_clock, bodies};

fn has_welcome(frames: &[ServerFrame]) -> bool {
    frames.iter().any(|frame| matches!(frame, ServerFrame::Welcome { .. }))
}

#[tokio::test]
async fn a_tab_that_does_not_ask_is_forgotten_after_30_s_and_nothing_but_a_first_ask_opens_one() {
    let server = TestServer::start().await;
    let mut tab = Tab::in_lobby(&server.join("Kira").await).await;
    advance_clock(25).await;
    assert!(!has_welcome(&tab.ask(NOT).await), "it is known for 30 s");
    advance_clock(25).await;
    assert_eq!(tab.posts("still known").await, Seq(1));
    advance_clock(6).await;

    for _ in 0..2 {
        is_not_known(&tab).await;
    }
    tab.reconnects(*server);
    assert!(has_welcome(&tab.ask(LONG).await));
    assert_eq!(tab.reads(1).await, ["still known"]);
}

const HELLO_EXPECTED: &str = "{\"error\":{\"refusal\":\"hello_expected\"}}\n";

/// Whatever a tab goes on with is refused, and nothing of it is done.
async fn is_not_known(tab: &Tab) {
    let further = tab.request(&format!("/ask?tab={}&wait={LONG}", tab.id)).text(&tab.hello());
    for unheard in [tab.saying(A_POST), further, tab.saying(r#""ping""#)] {
        let answer = unheard.send().await;
        assert_eq!((answer.status, answer.body.as_str()), (400, HELLO_EXPECTED));
    }
}

const A_POST: &str = r#"{"post":{"room":1,"id":"0199c8a5-4c80-7a3b-8d21-5f0e6b9a7c42","body":"the later one"}}"#;

#[tokio::test]
async fn a_tab_that_is_forgotten_while_its_client_believes_to_wait_misses_nothing_by_opening_another() {
    let server = TestServer::start().await;
    let mut jonas = server.join("Jonas").await.in_lobby().await;
    jonas.sees_present(LOBBY, &["Jonas"]).await;
    let mut kira = Tab::in_lobby(&server.join("Kira").await).await;
    jonas.sees_present(LOBBY, &["Jonas", "Kira"]).await;
    kira.ask(NOT).await;
    // As by a proxy that hangs up on one side.
    drop(kira.waits().await);
    jonas.sees_present(LOBBY, &["Jonas"]).await;
    jonas.posts("meanwhile").await;

    is_not_known(&kira).await;
    jonas.posts("and then").await;
    kira.reconnects(*server);
    let answer = kira.ask(LONG).await;
    assert!(
        matches!(answer[..2], [ServerFrame::Welcome { .. }, ServerFrame::Resumed { head: Seq(2), .. }]),
        "{answer:?}"
    );
    assert_eq!(kira.reads(2).await, ["meanwhile", "and then"]);
    jonas.sees_present(LOBBY, &["Jonas", "Kira"]).await;
}

/// Stops a server, and gives back its folder.
async fn stopped(mut server: TestServer) -> TempDir {
    server.tell_to_stop();
    let (folder, outcome) = server.stopped().await;
    outcome.expect("it was told to stop");
    folder
}

#[tokio::test]
async fn over_a_restored_backup_a_tab_that_noticed_nothing_can_not_put_a_later_message_before_a_lost_one() {
    let server = TestServer::start().await;
    let mut kira = Tab::in_lobby(&server.join("Kira").await).await;
    kira.posts("kept").await;
    let (folder, backup) = (stopped(server).await, tempfile::tempdir().expect("a folder"));
    for file in std::fs::read_dir(folder.path()).expect("it is there").flatten() {
        std::fs::copy(file.path(), backup.path().join(file.file_name())).expect("copied");
    }
    let server = TestServer::start_on(folder, &[]).await;
    kira.reconnects(*server);
    kira.ask(LONG).await;
    kira.posts("lost").await;
    assert_eq!(kira.reads(2).await, ["kept", "lost"]);
    stopped(server).await;

    // It polls, say, and was never asking while the server was away.
    let server = TestServer::start_on(backup, &[]).await;
    kira.is_moved(*server);
    is_not_known(&kira).await;
    kira.reconnects(*server);
    let answer = kira.ask(LONG).await;
    let ServerFrame::Snapshot { reason, head, events, .. } = &answer[1] else { panic!("{answer:?}") };
    assert_eq!(
        (*reason, *head, bodies(events)),
        (SnapshotReason::Reset, Seq(1), vec!["kept"]),
        "and not the later one"
    );
    assert_eq!((kira.posts("lost").await, kira.posts("the later one").await), (Seq(2), Seq(3)));
}

#[tokio::test]
async fn a_first_ask_that_comes_twice_is_answered_twice_and_opens_one_tab() {
    let server = TestServer::start_with(&["--sockets-per-person", "1"]).await;
    let kira = server.join("Kira").await;
    let mut tab = Tab::of(&kira);
    let first = tab.asking(LONG);
    let answers = [first.clone().send().await, first.clone().send().await, first.send().await];
    for answer in &answers {
        let frames = frames(answer);
        let [ServerFrame::Welcome { .. }, ServerFrame::Snapshot { .. }, ServerFrame::Present { .. }] = &frames[..]
        else {
            panic!("{frames:?}")
        };
    }
    tab.apply(&answers[1]);
    tab.posts("once").await;
    assert_eq!(tab.reads(1).await, ["once"]);
    assert_eq!(Tab::of(&kira).asking(NOT).send().await.status, 429);
}

#[tokio::test]
async fn who_is_forgotten_is_no_longer_present() {
    let server = TestServer::start().await;
    let mut jonas = server.join("Jonas").await.in_lobby().await;
    jonas.sees_present(LOBBY, &["Jonas"]).await;
    let mut tab = Tab::in_lobby(&server.join("Kira").await).await;
    jonas.sees_present(LOBBY, &["Jonas", "Kira"]).await;
    tab.ask(NOT).await;

    let since = Instant::now();
    drop(tab.waits().await);
    jonas.sees_present(LOBBY, &["Jonas"]).await;
    assert!((4..20).contains(&since.elapsed().as_secs()), "5 s after it broke off, not {:?}", since.elapsed());
}

#[tokio::test]
async fn a_tab_that_waits_is_known_for_as_long_as_it_waits() {
    let server = TestServer::start().await;
    let mut jonas = server.join("Jonas").await.in_lobby().await;
    let mut tab = Tab::in_lobby(&server.join("Kira").await).await;
    jonas.sees_present(LOBBY, &["Jonas", "Kira"]).await;
    tab.ask(NOT).await;
    let waiting = tab.waits().await;
    advance_clock(45).await;
    jonas.posts("after 45 s").await;
    tab.apply(&waiting.answer().await);
    assert_eq!(tab.reads(1).await, ["after 45 s"]);
    assert!(!has_welcome(&tab.ask(NOT).await), "it was not forgotten meanwhile");
}

#[tokio::test]
async fn a_tab_counts_as_a_connection_for_as_long_as_it_is_known() {
    let server = TestServer::start_with(&["--sockets-per-person", "2"]).await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let (socket, mut tab) = (kira.open().await, Tab::in_lobby(&kira).await);
    assert_eq!(kira.try_open(&[]).await.err(), Some(429));
    let refused = Tab::of(&kira).asking(LONG).send().await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.body, "{\"error\":{\"refusal\":\"too_many_connections\"}}\n");
    tab.ask(NOT).await;
    Tab::in_lobby(&jonas).await;

    drop(socket);
    advance_clock(31).await;
    let (_one, _other) = (Tab::in_lobby(&kira).await, kira.open().await);
    tab.reconnects(*server);
    assert_eq!(tab.asking(NOT).send().await.status, 429, "it was forgotten, and others have its place");
}

#[tokio::test]
async fn an_address_may_have_so_many_tabs() {
    let server = TestServer::start_with(&["--sockets-per-address", "1"]).await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    Tab::in_lobby(&kira).await;
    assert_eq!(Tab::of(&jonas).asking(NOT).send().await.status, 429);
}

#[tokio::test]
async fn a_tab_of_another_session_is_out_of_reach() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let mut at_kira = Tab::in_lobby(&kira).await;
    let mut at_jonas = Tab::of(&jonas);
    at_jonas.id = at_kira.id;

    is_not_known(&at_jonas).await;
    let waiting = at_kira.waits().await;
    let answer = at_jonas.ask(LONG).await;
    assert!(matches!(&answer[0], ServerFrame::Welcome { you, .. } if you.name == "Jonas"), "{answer:?}");
    at_jonas.posts("each to their own").await;
    at_kira.apply(&waiting.answer().await);
    assert_eq!(at_kira.reads(1).await, ["each to their own"]);
}

#[tokio::test]
async fn when_the_session_ends_a_waiting_ask_is_told_at_once_and_its_tabs_are_gone() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let mut at_jonas = jonas.in_lobby().await;
    at_jonas.sees_present(LOBBY, &["Jonas"]).await;
    let (mut one, other) = (Tab::in_lobby(&kira).await, Tab::in_lobby(&kira).await);
    at_jonas.sees_present(LOBBY, &["Jonas", "Kira"]).await;
    one.ask(NOT).await;
    let waiting = one.waits().await;

    let since = Instant::now();
    kira.leaves().await;
    let bye = ServerFrame::Bye { reconnect_after_ms: 0, refusal: Some(Refusal::SignedOut) };
    assert_eq!(frames(&waiting.answer().await), [bye]);
    at_jonas.sees_present(LOBBY, &["Jonas"]).await;
    assert!(since.elapsed().as_secs() < 5, "it took {:?}", since.elapsed());

    let signed_out = "{\"error\":{\"refusal\":\"signed_out\"}}\n";
    for tab in [&one, &other] {
        let said = tab.saying(r#"{"post":{"room":1,"id":"0199c8a5-4c80-7a3b-8d21-5f0e6b9a7c42","body":"x"}}"#);
        for answer in [tab.asking(LONG).send().await, said.send().await] {
            assert_eq!((answer.status, answer.body.as_str()), (401, signed_out));
        }
    }
}

#[tokio::test]
async fn a_server_that_stops_tells_waiting_asks_to_come_back_and_is_not_held_up_by_tabs() {
    let mut server = TestServer::start().await;
    let mut waiting = Vec::new();
    let _idle = Tab::in_lobby(&server.join("Jonas").await).await;
    for n in 0..10 {
        let mut tab = Tab::in_lobby(&server.join(&format!("Person {n}")).await).await;
        tab.cursors.clear();
        tab.say(&ClientFrame::Leave { room: LOBBY }).await;
        tab.ask(NOT).await;
        waiting.push(tab.waits().await);
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
