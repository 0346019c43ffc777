//! Frames that the server refuses. The client gets a typed refusal, or the close code of RFC 6455 if the connection must
//! end; no other connection is disturbed.

use hubbub_protocol::{ClientFrame, Refusal, Seq};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::support::server::TestServer;
use crate::support::socket::{Ended, Socket};
use crate::support::{LOBBY, bodies, fresh_id};

const PROTOCOL_ERROR: Ended = Ended(Some(1002));
const INVALID_TEXT: Ended = Ended(Some(1007));
const TOO_MANY_REFUSED: Ended = Ended(Some(1008));
const TOO_BIG: Ended = Ended(Some(1009));

/// Two other members, whose messages must still arrive.
struct Onlookers {
    server: TestServer,
    jonas: Socket,
    mio: Socket,
}

impl Onlookers {
    async fn gather() -> Self {
        let server = TestServer::start().await;
        let (jonas, mio) = (server.join("Jonas").await, server.join("Mio").await);
        let (jonas, mio) = (jonas.in_lobby().await, mio.in_lobby().await);
        Self { server, jonas, mio }
    }

    async fn are_undisturbed(mut self) {
        let body = "undisturbed";
        let seq = self.jonas.posts(body).await;
        self.mio
            .find("the message", |frame| match frame {
                hubbub_protocol::ServerFrame::Changes { changes, .. } => {
                    changes.iter().any(|change| change.seq == seq).then_some(())
                }
                _ => None,
            })
            .await;
    }
}

fn text_frame(payload: impl Into<Vec<u8>>, opcode: Data, is_final: bool) -> Message {
    Message::Frame(Frame::message(payload.into(), OpCode::Data(opcode), is_final))
}

/// A ping of exactly this many bytes.
fn padded_ping(n_bytes: usize) -> String {
    let (start, end) = (r#"{"ping":""#, r#""}"#);
    format!("{start}{}{end}", "x".repeat(n_bytes - start.len() - end.len()))
}

#[tokio::test]
async fn a_frame_that_can_not_be_decoded_is_refused_and_the_connection_stays_open() {
    let others = Onlookers::gather().await;
    let mut kira = others.server.join("Kira").await.in_lobby().await;
    let too_deep = format!(r#"{{"ping":{}{}}}"#, "[".repeat(40), "]".repeat(40));
    for (text, refusal) in [
        ("", Refusal::NotJson),
        ("Hi humans!", Refusal::NotJson),
        (r#"{"ping""#, Refusal::NotJson),
        (&too_deep, Refusal::NotJson),
        ("[]", Refusal::BadFrame),
        ("{}", Refusal::BadFrame),
        (r#"{"operation":{"on":{"room":1}}}"#, Refusal::BadFrame),
        (r#"{"operation":{"on":{"room":1},"op":"no uuid","what":{"post":{"body":"x"}}}}"#, Refusal::BadFrame),
        (
            r#"{"operation":{"on":{"room":1},"op":"0199C8A5-4C80-7A3B-8D21-5F0E6B9A7C42","what":{"post":{"body":"upper case"}}}}"#,
            Refusal::BadFrame,
        ),
        (
            r#"{"operation":{"on":{"room":1},"op":"0199c8a5-4c80-4a3b-8d21-5f0e6b9a7c42","what":{"post":{"body":"version 4"}}}}"#,
            Refusal::BadFrame,
        ),
        (r#"{"join":{"room":-1}}"#, Refusal::BadFrame),
        (r#"{"join":{"room":1.5}}"#, Refusal::BadFrame),
        (r#"{"join":{"room":18446744073709551616}}"#, Refusal::BadFrame),
        (r#"{"join":{"room":NaN}}"#, Refusal::NotJson),
        (r#"{"dance":{"bpm":120}}"#, Refusal::UnknownType),
        (r#""dance""#, Refusal::UnknownType),
        (r#"{"hello":{"rooms":[]}}"#, Refusal::HelloTwice),
    ] {
        kira.say_text(text).await;
        assert_eq!(kira.error().await, refusal, "{text:.60}");
    }
    kira.say_message(Message::binary(r#""ping""#)).await;
    assert_eq!(kira.error().await, Refusal::NotJson, "binary");

    assert_eq!(kira.posts("still here").await, Seq(1));
    others.are_undisturbed().await;
}

#[tokio::test]
async fn frames_before_hello_are_refused() {
    let server = TestServer::start().await;
    let mut kira = server.join("Kira").await.open().await;
    for frame in [ClientFrame::Ping, ClientFrame::Typing { room: LOBBY }, ClientFrame::Leave { room: LOBBY }] {
        kira.say(&frame).await;
        assert_eq!(kira.error().await, Refusal::HelloExpected, "{frame:?}");
    }
    kira.follow(LOBBY, None).await;
    assert_eq!(kira.posts("Hi humans!").await, Seq(1));
}

#[tokio::test]
async fn sixty_four_kib_are_read_and_one_byte_more_closes_with_1009() {
    let others = Onlookers::gather().await;
    let mut kira = others.server.join("Kira").await.in_lobby().await;
    kira.say_text(&padded_ping(64 * 1024)).await;
    kira.find("pong", |frame| matches!(frame, hubbub_protocol::ServerFrame::Pong).then_some(())).await;

    kira.say_text(&padded_ping(64 * 1024 + 1)).await;
    assert_eq!(kira.ended().await, TOO_BIG);

    let mut again = others.server.join("Ada").await.in_lobby().await;
    // The server may close the connection before the last byte is sent.
    let _ = again.try_say(Message::text("x".repeat(65 * 1024 * 16))).await;
    assert_eq!(again.ended().await, TOO_BIG);
    others.are_undisturbed().await;
}

#[tokio::test]
async fn a_message_in_fragments_is_read_and_one_without_end_closes_with_1009() {
    let others = Onlookers::gather().await;
    let mut kira = others.server.join("Kira").await.in_lobby().await;
    kira.say_message(text_frame(r#"{"ping":"#, Data::Text, false)).await;
    kira.say_message(Message::Ping("between".into())).await;
    kira.say_message(text_frame(r#""ping"}"#, Data::Continue, true)).await;
    kira.find("pong", |frame| matches!(frame, hubbub_protocol::ServerFrame::Pong).then_some(())).await;

    kira.say_message(text_frame(r#"{"ping":""#, Data::Text, false)).await;
    for _ in 0..65 {
        if kira.try_say(text_frame("x".repeat(1024), Data::Continue, false)).await.is_err() {
            break;
        }
    }
    assert_eq!(kira.ended().await, TOO_BIG);
    others.are_undisturbed().await;
}

#[tokio::test]
async fn text_that_is_not_utf_8_closes_with_1007() {
    let others = Onlookers::gather().await;
    for (name, bytes) in
        [("Kira", &b"\xff\xfe"[..]), ("Ada", b"caf\xc3"), ("Bob", b"\xed\xa0\x80"), ("Eve", b"\xc0\xaf")]
    {
        let mut socket = others.server.join(name).await.in_lobby().await;
        socket.say_message(text_frame(bytes, Data::Text, true)).await;
        assert_eq!(socket.ended().await, INVALID_TEXT, "{bytes:x?}");
    }
    others.are_undisturbed().await;
}

#[tokio::test]
async fn a_violation_of_the_websocket_protocol_closes_with_1002() {
    let others = Onlookers::gather().await;
    let masked =
        |first: u8, n_bytes: u8| [vec![first, 0x80 | n_bytes, 0, 0, 0, 0], vec![b'x'; n_bytes.into()]].concat();
    for (name, what, bytes) in [
        ("Kira", "a frame that isn't masked", vec![0x81, 2, b'h', b'i']),
        ("Ada", "a reserved bit", masked(0xc1, 2)),
        ("Bob", "an unknown opcode", masked(0x83, 2)),
        ("Eve", "an unknown control opcode", masked(0x8b, 2)),
        ("Dan", "a continuation of nothing", masked(0x80, 2)),
        ("Fay", "a ping in fragments", masked(0x09, 2)),
        ("Gus", "a ping of 126 bytes", [vec![0x89, 0xfe, 0, 126, 0, 0, 0, 0], vec![b'x'; 126]].concat()),
        ("Hal", "a close code that may not be sent", vec![0x88, 0x82, 0, 0, 0, 0, 0x03, 0xed]),
    ] {
        let mut socket = others.server.join(name).await.in_lobby().await;
        socket.say_bytes(&bytes).await;
        assert_eq!(socket.ended().await, PROTOCOL_ERROR, "{what}");
    }
    others.are_undisturbed().await;
}

#[tokio::test]
async fn a_connection_that_ends_within_a_frame_disturbs_no_other() {
    let mut others = Onlookers::gather().await;
    let mut kira = others.server.join("Kira").await.in_lobby().await;
    others.jonas.sees_present(LOBBY, &["Jonas", "Kira", "Mio"]).await;

    kira.say_bytes(&[0x81, 0xff, 0, 0, 0, 0, 0, 0, 0x10, 0, 1, 2, 3, 4, b'{']).await;
    drop(kira);

    others.jonas.sees_present(LOBBY, &["Jonas", "Mio"]).await;
    others.are_undisturbed().await;
}

#[tokio::test]
async fn many_refused_frames_close_the_connection_with_1008() {
    let others = Onlookers::gather().await;
    let mut kira = others.server.join("Kira").await.in_lobby().await;
    let mut n_said = 0;
    while n_said < 1_000 && kira.try_say(Message::text("nonsense")).await.is_ok() {
        n_said += 1;
    }
    assert_eq!(kira.ended().await, TOO_MANY_REFUSED);
    let n_told = kira.unasked().filter(|frame| matches!(frame, hubbub_protocol::ServerFrame::Error { .. })).count();
    assert!((10..=100).contains(&n_told), "told {n_told} times");
    others.are_undisturbed().await;
}

#[tokio::test]
async fn posts_that_were_accepted_are_answered_before_a_connection_is_closed() {
    let nonsense = (0..30).map(|_| Message::text("nonsense")).collect::<Vec<_>>();
    let bad_text = vec![text_frame(b"\xff", Data::Text, true)];
    for (last_words, code) in [(nonsense, TOO_MANY_REFUSED), (bad_text, INVALID_TEXT)] {
        let server = TestServer::start().await;
        let mut kira = server.join("Kira").await.in_lobby().await;
        let posts = (0..100).map(|_| {
            Message::text(format!(
                r#"{{"operation":{{"on":{{"room":1}},"op":"{}","what":{{"post":{{"body":"Hi humans!"}}}}}}}}"#,
                fresh_id()
            ))
        });
        for message in posts.chain(last_words) {
            kira.try_say(message).await.expect("the server reads");
        }
        assert_eq!(kira.ended().await, code);
        let n_acked = kira.unasked().filter(|frame| matches!(frame, hubbub_protocol::ServerFrame::Ack { .. })).count();
        assert_eq!(n_acked, 100, "of 100 that were stored, before {code:?}");
    }
}

#[tokio::test]
async fn a_few_refused_frames_do_not_close_the_connection() {
    let mut others = Onlookers::gather().await;
    for _ in 0..10 {
        others.jonas.say_text("slip").await;
        others.jonas.error().await;
    }
    assert_eq!(others.jonas.posts("sorry").await, Seq(1));
    assert_eq!(bodies(&others.mio.changes(LOBBY, 1).await), ["sorry"]);
}
