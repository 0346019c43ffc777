//! Limits on how often one member and one address may start sessions, read and poll. A request that is too fast is refused
//! with the time to wait, on every transport, and other members are not limited.

use futures_util::future::join_all;
use hubbub_protocol::{Answer, ClientFrame, Interest, Query, Refusal, RoomId, Seq, ServerFrame};
use tokio_tungstenite::tungstenite::Message;

use crate::support::http::HttpResponse;
use crate::support::person::hello;
use crate::support::server::TestServer;
use crate::support::socket::Ended;
use crate::support::tab::{LONG_WAIT, NO_WAIT, Tab};
use crate::support::{LOBBY, advance_clock};

const QUERY: &str = r#"{"query":{"room":1,"query":{"before":1000}}}"#;

/// The whole seconds of a refusal's `Retry-After`.
fn retry_after(answer: &HttpResponse) -> u64 {
    assert_eq!(answer.status, 429, "{answer:?}");
    answer.header("retry-after").parse().expect("whole seconds")
}

fn is_rate_limited(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::RateLimited { retry_after_ms } if *retry_after_ms > 0)
}

#[tokio::test]
async fn sixty_people_of_one_address_join_at_once_and_a_flood_of_names_is_refused() {
    let server = TestServer::start().await;
    let names: Vec<String> = (0..60).map(|n| format!("Pupil {n}")).collect();
    let joined = join_all(names.iter().map(|name| server.join(name))).await;
    join_all(joined.iter().map(|person| async {
        let page = person.get("/rooms/lobby").send().await;
        assert_eq!(page.status, 200, "every page is shown");
    }))
    .await;

    let flood: Vec<String> = (0..200).map(|n| format!("Nobody {n}")).collect();
    let answers = join_all(flood.iter().map(|name| server.ask_to_join(name))).await;
    let n_joined = answers.iter().filter(|answer| answer.status == 303).count();
    // A hundred in all, and another one every six seconds.
    assert!((40..=43).contains(&n_joined), "{n_joined} joined");
    let refused = answers.iter().find(|answer| answer.status != 303).expect("most are refused");
    assert!((1..=6).contains(&retry_after(refused)), "{refused:?}");
    assert!(refused.body.contains("That is too fast. Try again in "), "{refused:?}");
    assert!(refused.body.contains(r#"value="Nobody "#), "what was typed is kept: {refused:?}");
}

#[tokio::test]
async fn a_refused_name_does_not_count_and_five_minutes_allow_another_session() {
    let server = TestServer::start_with(&["--sessions-per-address", "2"]).await;
    server.join("Kira").await;
    for _ in 0..5 {
        assert_eq!(server.ask_to_join("Kira").await.status, 422);
    }
    server.join("Jonas").await;
    // Half of the ten minutes, less what the test has taken so far.
    assert!((290..=300).contains(&retry_after(&server.ask_to_join("Mio").await)));
    advance_clock(301).await;
    server.join("Mio").await;
}

#[tokio::test]
async fn sessions_are_counted_by_forwarded_address_and_by_ipv6_network() {
    let server = TestServer::start_with(&["--sessions-per-address", "1", "--trusted-proxy", "127.0.0.1"]).await;
    let join_from = async |name: &str, address: &str| {
        server.post("/session", &[("name", name)]).header("x-forwarded-for", address).send().await.status
    };
    assert_eq!(join_from("Kira", "203.0.113.1").await, 303);
    assert_eq!(join_from("Jonas", "203.0.113.1").await, 429);
    assert_eq!(join_from("Jonas", "203.0.113.2").await, 303);
    assert_eq!(join_from("Mio", "2001:db8:1:2::1").await, 303);
    assert_eq!(join_from("Ada", "2001:db8:1:2::ffff").await, 429);
    assert_eq!(join_from("Ada", "2001:db8:1:3::1").await, 303);
}

#[tokio::test]
async fn the_posts_of_an_address_are_limited_however_many_sessions_it_has() {
    let server = TestServer::start_with(&["--posts-per-minute", "5", "--people-per-address", "2"]).await;
    let mut n_posted = 0;
    for n in 0..10 {
        let mut socket = server.join(&format!("Person {n}")).await.in_lobby().await;
        for _ in 0..5 {
            match socket.posts_to(LOBBY, crate::support::fresh_id(), "flood").await {
                Ok(_) => n_posted += 1,
                Err(refusal) => assert!(is_rate_limited(&refusal), "{refusal:?}"),
            }
        }
    }
    assert_eq!(n_posted, 10);
}

#[tokio::test]
async fn reads_that_are_too_fast_are_refused_on_every_transport_for_a_time() {
    // The hello's room, and three more.
    let server = TestServer::start_with(&["--reads-per-minute", "4"]).await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let tab = Tab::in_lobby(&jonas).await;
    let mut socket = kira.in_lobby().await;
    socket.posts("one").await;
    for _ in 0..3 {
        assert_eq!(socket.older(LOBBY, 10).await.len(), 1);
    }

    let denied = async |socket: &mut crate::support::socket::Socket| {
        socket
            .find("denied", |frame| match frame {
                ServerFrame::Denied { room: LOBBY, refusal } => Some(refusal.clone()),
                _ => None,
            })
            .await
    };
    let older = Query::Before(Seq(10));
    let Answer::Refused(Refusal::RateLimited { retry_after_ms }) = socket.asks(LOBBY, older.clone()).await else {
        panic!("it is told when")
    };
    assert!((1..=15_000).contains(&retry_after_ms), "a quarter of a minute brings one back: {retry_after_ms}");
    socket.say(&ClientFrame::Join(Interest { room: LOBBY, after: None })).await;
    assert!(is_rate_limited(&denied(&mut socket).await));
    let mut other = kira.open().await;
    other.say(&hello(LOBBY, None)).await;
    assert!(is_rate_limited(&denied(&mut other).await), "a hello's rooms too");
    for path in ["/rooms/lobby", "/rooms/lobby/live", "/rooms/lobby/messages"] {
        let (head, _) = kira.get(path).begin().await.head().await;
        assert!(head.starts_with("HTTP/1.1 429 "), "{path}: {head}");
        assert!(head.contains("\r\nretry-after: "), "{path}: {head}");
    }
    let page = kira.get("/rooms/lobby").send().await;
    assert!(page.body.contains("That is too fast. Try again in "), "{page:?}");

    assert_eq!(socket.posts("two").await, Seq(2), "posts are counted apart, and the room is still followed");
    assert_eq!(socket.changes(LOBBY, 2).await.len(), 2);
    let page = tab.say(&ClientFrame::Query { room: LOBBY, query: older }).await;
    assert!(
        matches!(&page[..], [ServerFrame::Answer { answer: Answer::Page(page), .. }] if page.messages.len() == 2),
        "others may read: {page:?}"
    );

    advance_clock(15).await;
    assert_eq!(socket.older(LOBBY, 10).await.len(), 2);
}

#[tokio::test]
async fn the_reads_of_a_polling_tab_are_limited() {
    let server = TestServer::start_with(&["--reads-per-minute", "2"]).await;
    let tab = Tab::in_lobby(&server.join("Kira").await).await;
    for refused in [false, true] {
        let answer = tab.say(&ClientFrame::Query { room: LOBBY, query: Query::Before(Seq(10)) }).await;
        match &answer[..] {
            [ServerFrame::Answer { answer: Answer::Page(_), .. }] => assert!(!refused),
            [ServerFrame::Answer { answer: Answer::Refused(refusal), .. }] => {
                assert!(refused && is_rate_limited(refusal), "{refusal:?}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn polls_that_are_too_fast_are_refused_with_the_time_to_wait() {
    let server = TestServer::start_with(&["--polls-per-minute", "4"]).await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let (mut tab, mut other) = (Tab::in_lobby(&kira).await, Tab::in_lobby(&jonas).await);
    for _ in 0..2 {
        tab.poll(NO_WAIT).await;
    }
    assert_eq!(tab.say(&ClientFrame::Ping).await, [ServerFrame::Pong]);

    for request in [tab.poll_request(LONG_WAIT), tab.say_request(r#""ping""#), Tab::of(&kira).poll_request(NO_WAIT)] {
        let answer = request.send().await;
        assert!((1..=15).contains(&retry_after(&answer)), "{answer:?}");
        let frame = crate::support::frame_of(answer.body.trim_end());
        assert!(matches!(&frame, ServerFrame::Error { refusal } if is_rate_limited(refusal)), "{frame:?}");
    }
    other.poll(NO_WAIT).await;
    advance_clock(16).await;
    tab.poll(NO_WAIT).await;
}

#[tokio::test]
async fn a_flood_of_reads_is_refused_and_then_closes_the_websocket() {
    let server = TestServer::start_with(&["--reads-per-minute", "3"]).await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let (mut kira, mut jonas) = (kira.in_lobby().await, jonas.in_lobby().await);
    let mut n_said = 0;
    while n_said < 10_000 && kira.try_say(Message::text(QUERY)).await.is_ok() {
        n_said += 1;
    }
    assert_eq!(kira.ended().await, Ended(Some(1008)));
    let is_refused = |frame: &&ServerFrame| matches!(frame, ServerFrame::Answer { answer: Answer::Refused(_), .. });
    let n_told = kira.unasked().filter(is_refused).count();
    assert!((50..=300).contains(&n_told), "more than a client has rooms: told {n_told} times");
    assert_eq!(jonas.posts("calm").await, Seq(1));
}

#[tokio::test]
async fn zero_means_any_number_of_sessions_reads_and_polls() {
    let settings = ["--sessions-per-address", "--reads-per-minute", "--polls-per-minute"].map(|name| [name, "0"]);
    let server = TestServer::start_with(&settings.concat()).await;
    for n in 0..110 {
        server.join(&format!("Person {n}")).await;
    }
    let kira = server.join("Kira").await;
    let mut socket = kira.in_lobby().await;
    for _ in 0..400 {
        socket.older(LOBBY, 10).await;
    }
}

#[tokio::test]
async fn a_join_of_a_room_that_does_not_exist_counts_as_a_read() {
    let server = TestServer::start_with(&["--reads-per-minute", "20"]).await;
    let mut socket = server.join("Kira").await.in_lobby().await;
    let mut n_not_found = 0;
    for n in 100..130 {
        match socket.join(RoomId(n), None).await {
            ServerFrame::Denied { refusal: Refusal::NotFound, .. } => n_not_found += 1,
            ServerFrame::Denied { refusal, .. } => assert!(is_rate_limited(&refusal), "{refusal:?}"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(n_not_found, 19);
}
