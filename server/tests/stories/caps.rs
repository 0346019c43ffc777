//! Caps on the WebSockets and the posts of one member and one address. Other members are not limited.

use hubbub_protocol::{Refusal, Seq, ServerFrame};
use tokio_tungstenite::tungstenite::Message;

use crate::support::server::TestServer;
use crate::support::socket::{Ended, Socket};
use crate::support::{LOBBY, fresh_id};

#[tokio::test]
async fn a_person_may_hold_so_many_sockets_and_closing_one_makes_room() {
    let server = TestServer::start_with(&["--sockets-per-person", "2"]).await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let mut watching = jonas.in_lobby().await;
    let (first, _second) = (kira.in_lobby().await, kira.open().await);

    assert_eq!(kira.try_open(&[]).await.err(), Some(429));
    assert!(jonas.try_open(&[]).await.is_ok(), "others have sockets of their own");

    watching.sees_present(LOBBY, &["Jonas", "Kira"]).await;
    drop(first);
    watching.sees_present(LOBBY, &["Jonas"]).await;
    assert!(kira.try_open(&[]).await.is_ok());
}

#[tokio::test]
async fn ten_a_person_and_fifty_an_address_unless_told_otherwise() {
    let server = TestServer::start().await;
    let mut held = Vec::new();
    for n in 1..=5 {
        let person = server.join(&format!("Person {n}")).await;
        for _ in 0..10 {
            held.push(person.open().await);
        }
        assert_eq!(person.try_open(&[]).await.err(), Some(429), "the eleventh of one person");
    }
    assert_eq!(held.len(), 50);
    assert_eq!(server.join("Kira").await.try_open(&[]).await.err(), Some(429), "the address's fifty-first");
}

#[tokio::test]
async fn zero_means_any_number_of_sockets() {
    let server = TestServer::start_with(&["--sockets-per-person", "0", "--sockets-per-address", "0"]).await;
    let kira = server.join("Kira").await;
    let mut held: Vec<Socket> = Vec::new();
    for _ in 0..60 {
        held.push(kira.open().await);
    }
    assert_eq!(held.len(), 60);
}

#[tokio::test]
async fn an_address_that_a_client_makes_up_is_not_believed() {
    let server = TestServer::start_with(&["--sockets-per-address", "1"]).await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let _held = kira.try_open(&[("x-forwarded-for", "203.0.113.1")]).await.expect("the first");
    assert_eq!(jonas.try_open(&[("x-forwarded-for", "203.0.113.2")]).await.err(), Some(429));
}

#[tokio::test]
async fn an_address_that_a_trusted_proxy_tells_counts() {
    let server = TestServer::start_with(&["--sockets-per-address", "1", "--trusted-proxy", "127.0.0.1"]).await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let _held = kira.try_open(&[("x-forwarded-for", "203.0.113.1")]).await.expect("the first");
    let _other = jonas.try_open(&[("x-forwarded-for", "203.0.113.2")]).await.expect("another address");
    let made_up = "203.0.113.3, 203.0.113.1";
    assert_eq!(jonas.try_open(&[("x-forwarded-for", made_up)]).await.err(), Some(429), "the proxy's word is the last");
}

#[tokio::test]
async fn posts_that_are_too_fast_are_refused_with_the_time_to_wait_on_every_transport() {
    let server = TestServer::start_with(&["--posts-per-minute", "3"]).await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let (mut at_kira, mut jonas) = (kira.in_lobby().await, jonas.in_lobby().await);
    at_kira.posts_all(["one", "two", "three"].map(String::from)).await;

    let refused = at_kira.posts_to(LOBBY, fresh_id(), "four").await;

    let Err(Refusal::RateLimited { retry_after_ms }) = refused else { panic!("{refused:?}") };
    assert!((1..=20_000).contains(&retry_after_ms), "a third of a minute brings one back: {retry_after_ms}");
    let other_tab = kira.in_lobby().await.posts_to(LOBBY, fresh_id(), "four").await;
    assert!(matches!(other_tab, Err(Refusal::RateLimited { .. })), "{other_tab:?}");
    let form = kira.post("/rooms/lobby/messages", &[("body", "four")]).send().await;
    assert_eq!(form.status, 429, "{form:?}");
    assert!((1..=20).contains(&form.header("retry-after").parse().expect("whole seconds")), "{form:?}");
    assert_eq!(jonas.posts("four").await, Seq(4), "others may post");
}

#[tokio::test]
async fn a_room_that_is_made_counts_as_a_post_on_every_way_and_what_was_typed_is_kept() {
    let server = TestServer::start_with(&["--posts-per-minute", "3"]).await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let refused = kira.post("/rooms", &[("name", " ")]).send().await;
    assert_eq!(refused.status, 422, "what is no room takes no turn");
    kira.creates("Tea").await;
    let mut socket = kira.in_lobby().await;
    socket.posts("one").await;
    kira.creates("Cake").await;

    for path in ["/rooms", "/new-room"] {
        let answer = kira.post(path, &[("name", "Biscuits"), ("topic", "Of any kind")]).send().await;
        assert_eq!(answer.status, 429, "{path}");
        assert!((1..=20).contains(&answer.header("retry-after").parse().expect("whole seconds")), "{answer:?}");
        for shown in ["That is too fast. Try again in ", r#"value="Biscuits""#, r#"value="Of any kind""#] {
            assert!(answer.body.contains(shown), "{path} shows {shown}: {}", answer.body);
        }
    }
    let posted = socket.posts_to(LOBBY, fresh_id(), "two").await;
    assert!(matches!(posted, Err(Refusal::RateLimited { .. })), "{posted:?}");
    assert_eq!(kira.rooms().await.len(), 3, "no further room was made");
    assert_eq!(jonas.creates("Biscuits").await.slug.as_str(), "biscuits", "others may make theirs");
}

#[tokio::test]
async fn a_flood_of_posts_is_refused_and_then_closes_the_websocket() {
    let server = TestServer::start_with(&["--posts-per-minute", "1"]).await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let (mut kira, mut jonas) = (kira.in_lobby().await, jonas.in_lobby().await);
    let mut n_said = 0;
    loop {
        let text = format!(
            r#"{{"operation":{{"on":{{"room":1}},"op":"{}","what":{{"post":{{"body":"flood"}}}}}}}}"#,
            fresh_id()
        );
        if n_said == 1_000 || kira.try_say(Message::text(text)).await.is_err() {
            break;
        }
        n_said += 1;
    }
    assert_eq!(kira.ended().await, Ended(Some(1008)));
    let n_told = kira
        .unasked()
        .filter(|frame| matches!(frame, ServerFrame::Refused { refusal: Refusal::RateLimited { .. }, .. }))
        .count();
    assert!(n_told > 0, "it was told before");
    assert_eq!(jonas.posts("calm").await, Seq(2), "one of the flood was stored, and it holds nobody up");
}
