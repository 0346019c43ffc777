//! Frames and forms that can't be carried out. Each is refused with its reason, and no other member notices.

use hubbub_protocol::{Answer, ClientFrame, Interest, Query, Refusal, RoomId, Seq, ServerFrame};

use crate::support::server::TestServer;
use crate::support::{LOBBY, bodies, fresh_id};

const NOWHERE: [RoomId; 3] = [RoomId(0), RoomId(99), RoomId(u64::MAX)];

#[tokio::test]
async fn a_body_that_can_not_be_stored_is_refused_with_its_reason_and_takes_no_number() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let (mut kira, mut jonas) = (kira.in_lobby().await, jonas.in_lobby().await);

    let too_long = "a".repeat(4_001);
    for (body, refusal) in [
        ("", Refusal::Empty),
        (" \n\t\u{3000} ", Refusal::Empty),
        ("\u{200B}\u{3164}\u{AD}\u{2800}\u{E0041}", Refusal::Empty),
        (&too_long, Refusal::TooLong { max: 4_000 }),
        ("ding\u{7}", Refusal::ForbiddenCharacter),
        ("nul\u{0}", Refusal::ForbiddenCharacter),
        ("c1\u{85}control", Refusal::ForbiddenCharacter),
        ("carriage\rreturn", Refusal::ForbiddenCharacter),
    ] {
        assert_eq!(kira.posts_to(LOBBY, fresh_id(), body).await, Err(refusal), "{:?}", body.get(..20));
    }

    assert_eq!(jonas.posts("undisturbed").await, Seq(1));
    assert_eq!(kira.posts(&"😀".repeat(4_000)).await, Seq(2));
    assert_eq!(bodies(&jonas.changes(LOBBY, 2).await), ["undisturbed", &"😀".repeat(4_000)]);
}

#[tokio::test]
async fn a_refused_body_may_be_mended_under_the_same_id() {
    let server = TestServer::start().await;
    let mut kira = server.join("Kira").await.in_lobby().await;
    let id = fresh_id();
    assert_eq!(kira.posts_to(LOBBY, id, " ").await, Err(Refusal::Empty));
    assert_eq!(kira.posts_to(LOBBY, id, "Hi humans!").await, Ok(Seq(1)));
}

#[tokio::test]
async fn a_name_that_can_not_be_shown_is_refused_and_no_session_begins() {
    let server = TestServer::start().await;
    let too_long = "a".repeat(41);
    for name in ["", "  ", &too_long, "Ki\u{202E}ra", "Ki\u{2066}ra", "Ki\nra", "Ki\u{0}ra", "Ki\u{200B}ra"] {
        let answer = server.ask_to_join(name).await;
        assert_eq!((answer.status, answer.cookie()), (422, None), "{name:?}");
    }
    let longest = "ü".repeat(40);
    let mut socket = server.join(&longest).await.in_lobby().await;
    socket.sees_present(LOBBY, &[&longest]).await;
}

#[tokio::test]
async fn a_room_that_can_not_be_shown_is_refused_and_not_created() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let (long_name, long_topic) = ("a".repeat(61), "a".repeat(251));
    for (name, topic) in [
        ("", ""),
        (" ", ""),
        (&*long_name, ""),
        ("a\u{202E}b", ""),
        ("a\nb", ""),
        ("fine", &*long_topic),
        ("fine", "a\nb"),
    ] {
        let answer = kira.post("/rooms", &[("name", name), ("topic", topic)]).send().await;
        assert_eq!(answer.status, 422, "{name:?} {topic:?}");
    }
    assert_eq!(kira.rooms().await.len(), 1);

    let answer = kira.post("/rooms", &[("name", &"ü".repeat(60)), ("topic", &"ü".repeat(250))]).send().await;
    assert_eq!(answer.status, 303, "{answer:?}");
}

#[tokio::test]
async fn a_room_that_does_not_exist_is_not_found_in_any_way() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let (mut kira, mut jonas) = (kira.in_lobby().await, jonas.in_lobby().await);

    for room in NOWHERE {
        assert_eq!(kira.posts_to(room, fresh_id(), "Hi?").await, Err(Refusal::NotFound));
        let denied = ServerFrame::Denied { room, refusal: Refusal::NotFound };
        assert_eq!(kira.join(room, None).await, denied);
        assert_eq!(kira.asks(room, Query::Before(Seq(1))).await, Answer::Refused(Refusal::NotFound));
        kira.say(&ClientFrame::Typing { room }).await;
        kira.say(&ClientFrame::Leave { room }).await;
    }
    assert_eq!(jonas.posts("undisturbed").await, Seq(1));
    assert_eq!(bodies(&kira.changes(LOBBY, 1).await), ["undisturbed"]);
}

#[tokio::test]
async fn hello_follows_the_rooms_that_exist_and_says_which_do_not() {
    let server = TestServer::start().await;
    let mut kira = server.join("Kira").await.open().await;
    let rooms = [NOWHERE[1], LOBBY].map(|room| Interest { room, after: None });
    kira.say(&ClientFrame::Hello { rooms: rooms.into() }).await;
    kira.welcome().await;
    assert_eq!(kira.read().await, Ok(ServerFrame::Denied { room: NOWHERE[1], refusal: Refusal::NotFound }));
    assert!(matches!(kira.read().await, Ok(ServerFrame::Page { room: LOBBY, .. })));
    assert_eq!(kira.posts("Hi humans!").await, Seq(1));
}

/// Guards the server's memory: 5,000 times a page of 64 KiB would be 300 MB for one frame of a client.
#[tokio::test]
async fn a_hello_that_names_a_room_thousands_of_times_is_answered_with_no_more_than_fifty_pages() {
    let server = TestServer::start().await;
    let mut kira = server.join("Kira").await.open().await;
    kira.say(&ClientFrame::Hello { rooms: vec![Interest { room: LOBBY, after: None }; 5_000] }).await;
    kira.is_heard().await;
    let n_pages = kira.unasked().filter(|frame| matches!(frame, ServerFrame::Page { .. })).count();
    assert!((1..=50).contains(&n_pages), "{n_pages} pages");
    assert_eq!(kira.posts("Hi humans!").await, Seq(1));
}
