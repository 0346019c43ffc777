//! Refusals of requests of polling tabs. They have the same codes as over a WebSocket.

use hubbub_protocol::{Answer, Interest, Query, Refusal, RoomId, Seq, ServerFrame, codec};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::http::{HttpResponse, Request};
use crate::support::server::TestServer;
use crate::support::tab::{LONG_WAIT, NO_WAIT, Tab, frames};
use crate::support::{LOBBY, fresh_id, post};

/// The status and the refusal of an answer that has nothing else.
fn refused(answer: &HttpResponse) -> (u16, Refusal) {
    match codec::decode_server(answer.body.trim_end()) {
        Ok(ServerFrame::Error { refusal }) => (answer.status, refusal),
        _ => panic!("{answer:?}"),
    }
}

#[tokio::test]
async fn a_frame_that_can_not_be_decoded_gets_the_same_code_as_over_a_websocket() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let (mut socket, tab) = (kira.in_lobby().await, Tab::in_lobby(&kira).await);
    let too_deep = format!(r#"{{"ping":{}{}}}"#, "[".repeat(40), "]".repeat(40));
    for text in [
        "",
        "Hi humans!",
        r#"{"ping""#,
        &too_deep,
        "[]",
        "{}",
        r#"{"operation":{"on":{"room":1}}}"#,
        r#"{"operation":{"on":{"room":1},"op":"no uuid","what":{"post":{"body":"x"}}}}"#,
        r#"{"join":{"room":-1}}"#,
        r#"{"join":{"room":18446744073709551616}}"#,
        r#"{"dance":{"bpm":120}}"#,
        r#"{"hello":{"rooms":[]}}"#,
    ] {
        socket.say_text(text).await;
        let expected = (400, socket.error().await);
        assert_eq!(refused(&tab.say_request(text).send().await), expected, "{text:.60}");
        if text.contains("hello") {
            continue;
        }
        let asked = tab.request(&format!("/ask?tab={}&wait={LONG_WAIT}", tab.id)).text(text).send().await;
        assert_eq!(refused(&asked), expected, "{text:.60}");
    }
    assert_eq!(tab.posts("still here").await, Seq(1));
}

#[tokio::test]
async fn a_refused_frame_gets_the_same_code_as_over_a_websocket() {
    let server = TestServer::start_with(&["--posts-per-minute", "2"]).await;
    let tab = Tab::in_lobby(&server.join("Kira").await).await;
    let nowhere = RoomId(99);
    let refuses = async |room: RoomId, body: &str| {
        let id = fresh_id();
        match tab.say(&post(room, id, body)).await.pop() {
            Some(ServerFrame::Refused { op, refusal, .. }) if op == id.into() => refusal,
            answer => panic!("{answer:?}"),
        }
    };
    assert_eq!(refuses(LOBBY, " \n ").await, Refusal::Empty);
    assert_eq!(refuses(LOBBY, &"a".repeat(4_001)).await, Refusal::TooLong { max: 4_000 });
    assert_eq!(refuses(LOBBY, "ding\u{7}").await, Refusal::ForbiddenCharacter);
    assert_eq!(refuses(nowhere, "boo").await, Refusal::NotFound);
    tab.posts("one").await;
    tab.posts("two").await;
    assert!(matches!(refuses(LOBBY, "three").await, Refusal::RateLimited { .. }));

    let denied = [ServerFrame::Denied { room: nowhere, refusal: Refusal::NotFound }];
    let join = hubbub_protocol::ClientFrame::Join(Interest { room: nowhere, after: None });
    assert_eq!(tab.say(&join).await, denied);
    let query = Query::Before(Seq(9));
    let asked = hubbub_protocol::ClientFrame::Query { room: nowhere, query: query.clone() };
    let answer = Answer::Refused(Refusal::NotFound);
    assert_eq!(tab.say(&asked).await, [ServerFrame::Answer { room: nowhere, query, answer }]);
    assert_eq!(tab.say(&hubbub_protocol::ClientFrame::Typing { room: nowhere }).await, []);
}

#[tokio::test]
async fn rooms_beyond_fifty_are_denied_however_they_are_asked_for() {
    let server = TestServer::start().await;
    let tab = Tab::of(&server.join("Kira").await);
    let too_many = |n: usize| {
        let rooms = vec![Interest { room: LOBBY, after: None }; n];
        codec::encode_client(&hubbub_protocol::ClientFrame::Hello { rooms })
    };
    for open in ["true", "false"] {
        let asking = tab.request(&format!("/ask?tab={}&open={open}", tab.id)).text(&too_many(52));
        let answer = frames(&asking.send().await);
        let n_of = |wanted: fn(&ServerFrame) -> bool| answer.iter().filter(|frame| wanted(frame)).count();
        assert_eq!(n_of(|frame| matches!(frame, ServerFrame::Page { .. })), 50);
        assert_eq!(n_of(|frame| matches!(frame, ServerFrame::Denied { refusal: Refusal::TooManyRooms, .. })), 2);
    }
}

#[tokio::test]
async fn sixty_four_kib_are_read_and_one_byte_more_is_413() {
    let server = TestServer::start().await;
    let tab = Tab::in_lobby(&server.join("Kira").await).await;
    let padded = |n_bytes: usize| {
        let (start, end) = (r#"{"ping":""#, r#""}"#);
        format!("{start}{}{end}", "x".repeat(n_bytes - start.len() - end.len()))
    };
    assert_eq!(frames(&tab.say_request(&padded(64 * 1024)).send().await), [ServerFrame::Pong]);
    let too_large = tab.say_request(&padded(64 * 1024 + 1)).send().await;
    assert_eq!(refused(&too_large), (413, Refusal::TooLong { max: 64 * 1024 }));
    let asked = tab.request(&format!("/ask?tab={}&wait={LONG_WAIT}", tab.id)).text(&padded(64 * 1024 + 1)).send().await;
    assert_eq!(refused(&asked), (413, Refusal::TooLong { max: 64 * 1024 }));
}

#[tokio::test]
async fn polls_without_a_session_or_from_another_site_are_refused() {
    let server = TestServer::start().await;
    let tab = Tab::in_lobby(&server.join("Kira").await).await;
    let made_up = format!("hubbub_session={}", "a".repeat(64));
    let requests = || [tab.poll_request(LONG_WAIT), tab.say_request(r#""ping""#)];
    for request in requests() {
        assert_eq!(refused(&request.clone().without("cookie").send().await), (401, Refusal::SignedOut));
        assert_eq!(refused(&request.clone().header("cookie", &made_up).send().await), (401, Refusal::SignedOut));
        for origin in ["http://evil.example", "null", "http://127.0.0.1:1"] {
            assert_eq!(request.clone().header("origin", origin).send().await.status, 403, "{origin}");
        }
    }
    for request in [tab.poll_request(NO_WAIT), tab.say_request(r#""ping""#)] {
        let answer = request.without("origin").send().await;
        assert_eq!(answer.status, if answer.body.is_empty() { 204 } else { 200 }, "a program says no origin");
    }
}

#[tokio::test]
async fn the_query_of_a_poll_is_checked() {
    let server = TestServer::start().await;
    let tab = Tab::in_lobby(&server.join("Kira").await).await;
    let id = tab.id;
    let (wait, open) = (format!("?tab={id}&wait=-1"), format!("?tab={id}&open=1"));
    for query in ["", "?wait=0", "?tab=", "?tab=one", "?tab=../..", &wait, &open] {
        let asked = tab.request(&format!("/ask{query}")).text(r#"{"hello":{"rooms":[]}}"#).send().await;
        assert_eq!(refused(&asked), (400, Refusal::BadFrame), "{query}");
    }
    let said = tab.request("/say").text(r#""ping""#).send().await;
    assert_eq!(refused(&said), (400, Refusal::BadFrame));
    for method in ["GET", "PUT"] {
        let answer = Request::new(server.address, method, &format!("/ask?tab={id}")).send().await;
        assert_eq!(answer.status, 405);
    }
}

#[tokio::test]
async fn bytes_that_are_not_utf_8_are_not_json() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let tab = Tab::in_lobby(&kira).await;
    let mut stream = crate::support::tcp::connect(server.address).await.expect("the server listens");
    let head = format!(
        "POST /say?tab={} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncookie: {}\r\ncontent-length: 2\r\n\r\n",
        tab.id, kira.cookie
    );
    stream.write_all(head.as_bytes()).await.expect("the server reads");
    stream.write_all(b"\xff\xfe").await.expect("the server reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("not_json"), "{answer}");
}
