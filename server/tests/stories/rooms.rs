//! Rooms are created, joined and left over one connection.

use hubbub::store::NewRoom;
use hubbub_protocol::limits::{MAX_ROOM_NAME_CHARS, MAX_TOPIC_CHARS};
use hubbub_protocol::text::{RoomName, Topic};
use hubbub_protocol::{ClientFrame, Cursor, Member, PageReason, Refusal, RoomInfo, Seq, ServerFrame, UnixMillis};

use crate::support::person::hello;
use crate::support::server::TestServer;
use crate::support::tab::{NO_WAIT, Tab};
use crate::support::{LOBBY, bodies, fresh_id, resumed, seqs};

#[tokio::test]
async fn a_new_room_is_announced_to_every_connection() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let mut jonas = server.join("Jonas").await.in_lobby().await;

    let answer = kira.post("/rooms", &[("name", "Rust & Friends"), ("topic", "All about it")]).send().await;

    assert_eq!((answer.status, answer.header("location")), (303, "/rooms/rust-friends"));
    let told = jonas.find("room added", |frame| match frame {
        ServerFrame::RoomAdded { room } => Some(room.clone()),
        _ => None,
    });
    let told = told.await;
    assert_eq!((told.name.as_str(), told.topic.as_str()), ("Rust & Friends", "All about it"));
    assert_eq!(kira.rooms().await[1], told);
}

#[tokio::test]
async fn a_second_room_with_the_same_name_is_refused_at_its_field() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    kira.creates("Tea").await;
    for path in ["/rooms", "/new-room"] {
        let answer = kira.post(path, &[("name", "tEA"), ("topic", "And biscuits")]).send().await;
        assert_eq!(answer.status, 422);
        for shown in [Refusal::RoomNameTaken.to_string(), r#"value="tEA""#.to_owned(), "And biscuits".to_owned()] {
            assert!(answer.body.contains(&shown), "{shown}: {}", answer.body);
        }
    }
    assert_eq!(kira.rooms().await.len(), 2);
    assert_eq!(kira.creates("Tea!").await.slug.as_str(), "tea-2");
}

#[tokio::test]
async fn a_connection_gets_the_changes_of_a_room_from_join_to_leave_and_each_room_counts_its_own_seqs() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let tea = kira.creates("Tea").await.id;
    let (mut kira, mut jonas) = (kira.in_lobby().await, jonas.in_lobby().await);
    jonas.posts("in the lobby").await;

    kira.join(tea, None).await;
    jonas.join(tea, None).await;
    assert_eq!(jonas.posts_to(tea, fresh_id(), "in the room").await, Ok(Seq(1)));
    assert_eq!(bodies(&kira.changes(tea, 1).await), ["in the room"]);
    kira.say(&ClientFrame::Leave { room: tea }).await;
    kira.is_heard().await;
    jonas.posts_to(tea, fresh_id(), "behind her back").await.expect("an ack");
    jonas.posts("Kira?").await;

    assert_eq!(bodies(&kira.changes(LOBBY, 2).await), ["in the lobby", "Kira?"]);
    assert!(!kira.has_changes_of(tea));
}

#[tokio::test]
async fn joining_a_room_again_resumes_from_the_given_cursor() {
    let server = TestServer::start().await;
    let mut kira = server.join("Kira").await.in_lobby().await;
    kira.posts_all(["one", "two", "three"].map(String::from)).await;
    kira.changes(LOBBY, 3).await;

    let after = Some(Cursor { epoch: server.store.epoch(), seq: Seq(1) });
    assert_eq!(kira.join(LOBBY, after).await, resumed(1, 3, 2));
    assert_eq!(seqs(&kira.rows(LOBBY)), [2, 3]);
    kira.posts("four").await;
    assert_eq!(seqs(&kira.changes(LOBBY, 1).await), [4], "each change is sent once although the room was joined twice");
}

#[tokio::test]
async fn a_connection_joins_at_most_50_rooms() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let mut rooms = vec![LOBBY];
    for n in 2..=51 {
        rooms.push(kira.creates(&format!("Room {n}")).await.id);
    }
    let mut socket = kira.in_lobby().await;

    for room in &rooms[1..50] {
        let answer = socket.join(*room, None).await;
        assert!(matches!(answer, ServerFrame::Page { reason: PageReason::First, .. }), "{answer:?}");
    }
    assert_eq!(
        socket.join(rooms[50], None).await,
        ServerFrame::Denied { room: rooms[50], refusal: Refusal::TooManyRooms }
    );
    socket.say(&ClientFrame::Leave { room: rooms[1] }).await;
    assert!(matches!(socket.join(rooms[50], None).await, ServerFrame::Page { .. }));
}

/// The test helpers check the size of every frame that they read, on every transport.
#[tokio::test]
async fn rooms_that_do_not_fit_into_welcome_are_sent_right_after_it() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let mut socket = kira.open().await;
    socket.say(&ClientFrame::Hello { rooms: vec![] }).await;
    build(&server, &socket.welcome().await.0).await;
    let all = server.store.rooms().await.expect("the store answers");

    let mut socket = kira.open().await;
    socket.say(&hello(LOBBY, None)).await;
    let mut told = Vec::new();
    while !matches!(told.last(), Some(ServerFrame::Page { .. })) {
        told.push(socket.read().await.expect("the connection is open"));
    }
    assert_eq!(rooms_told_first(&told), all);
    assert_eq!(rooms_told_first(&Tab::of(&kira).poll(NO_WAIT).await), all);
}

/// Creates thousands of rooms with names and topics of the maximum length.
async fn build(server: &TestServer, by: &Member) {
    const N_ROOMS: usize = 2_000;
    for n in 0..N_ROOMS {
        let name = format!("{n:04}{}", "\u{1d518}".repeat(MAX_ROOM_NAME_CHARS - 4));
        let topic = "\u{1d518}".repeat(MAX_TOPIC_CHARS);
        let (name, topic) = (RoomName::parse(&name).expect("a name"), Topic::parse(&topic).expect("a topic"));
        let room = NewRoom { name, topic, by: by.id, at: UnixMillis(0) };
        server.store.create_room(room).await.expect("the store answers");
    }
}

/// Returns the rooms in `welcome` and in the `RoomAdded` frames right after it.
fn rooms_told_first(frames: &[ServerFrame]) -> Vec<RoomInfo> {
    let [ServerFrame::Welcome { rooms, .. }, behind @ ..] = frames else { panic!("no welcome: {:?}", frames.first()) };
    let others = behind.iter().map_while(|frame| match frame {
        ServerFrame::RoomAdded { room } => Some(room.clone()),
        _ => None,
    });
    rooms.iter().cloned().chain(others).collect()
}
