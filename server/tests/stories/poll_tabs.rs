//! Tabs that poll come and go: how long each is known, what it counts for, and how it is sent away.

use std::time::{Duration, Instant};

use hubbub_protocol::{ClientFrame, Refusal, Seq, ServerFrame};

use crate::support::LOBBY;
use crate::support::server::TestServer;
use crate::support::tab::{LONG, NOT, Tab, frames};

/// Lets time go by that nobody wants to wait for.
async fn later(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

fn has_welcome(frames: &[ServerFrame]) -> bool {
    frames.iter().any(|frame| matches!(frame, ServerFrame::Welcome { .. }))
}

#[tokio::test]
async fn a_tab_that_does_not_ask_is_forgotten_after_30_s_and_welcomed_when_it_asks_again() {
    let server = TestServer::start().await;
    let mut tab = Tab::in_lobby(&server.join("Kira").await).await;
    later(28).await;
    assert!(!has_welcome(&tab.ask(NOT).await), "it is known for 30 s");
    later(28).await;
    assert_eq!(tab.posts("still known").await, Seq(1));
    later(4).await;

    let unheard = tab.saying(r#"{"type":"ping"}"#).send().await;
    assert_eq!((unheard.status, unheard.body.as_str()), (400, HELLO_EXPECTED));
    assert!(has_welcome(&tab.ask(LONG).await));
    assert_eq!(tab.reads(1).await, ["still known"]);
}

const HELLO_EXPECTED: &str = "{\"type\":\"error\",\"refusal\":{\"code\":\"hello_expected\"}}\n";

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
    later(45).await;
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
    assert_eq!(refused.body, "{\"type\":\"error\",\"refusal\":{\"code\":\"too_many_connections\"}}\n");
    tab.ask(NOT).await;
    Tab::in_lobby(&jonas).await;

    drop(socket);
    later(31).await;
    let (_one, _other) = (Tab::in_lobby(&kira).await, kira.open().await);
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

    let unheard = at_jonas.saying(r#"{"type":"ping"}"#).send().await;
    assert_eq!((unheard.status, unheard.body.as_str()), (400, HELLO_EXPECTED));
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

    let signed_out = "{\"type\":\"error\",\"refusal\":{\"code\":\"signed_out\"}}\n";
    for tab in [&one, &other] {
        let said = tab.saying(r#"{"type":"post","room":1,"id":"0199c8a5-4c80-7a3b-8d21-5f0e6b9a7c42","body":"x"}"#);
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
