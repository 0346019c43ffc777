//! A post that is sent twice is stored once, also after a reconnect or a restart of the server.

use hubbub_protocol::{ClientFrame, MessageId, Refusal, Seq, ServerFrame, UnixMillis};

use crate::support::person::Person;
use crate::support::server::TestServer;
use crate::support::socket::Socket;
use crate::support::{LOBBY, bodies, fresh_id};

async fn ack(socket: &mut Socket, id: MessageId, body: &str) -> (Seq, UnixMillis) {
    socket.say(&ClientFrame::Post { room: LOBBY, id, body: body.to_owned() }).await;
    let acked = socket.find("an ack", |frame| match frame {
        ServerFrame::Ack { id: acked, seq, at, .. } if *acked == id => Some((*seq, *at)),
        _ => None,
    });
    acked.await
}

#[tokio::test]
async fn the_same_message_again_is_acked_like_the_first_time_and_stored_once() {
    let server = TestServer::start().await;
    let mut kira = server.join("Kira").await.in_lobby().await;
    let id = fresh_id();

    let first = ack(&mut kira, id, "Hi humans!").await;
    assert_eq!(ack(&mut kira, id, "Hi humans!").await, first);
    assert_eq!(ack(&mut kira, id, "  Hi humans!\n").await, first, "what is trimmed is no difference");

    assert_eq!(kira.posts("next").await, Seq(2));
    assert_eq!(bodies(&kira.events(LOBBY, 2).await), ["Hi humans!", "next"]);
}

#[tokio::test]
async fn the_same_message_twice_in_one_breath_is_stored_once() {
    let server = TestServer::start().await;
    let mut kira = server.join("Kira").await.in_lobby().await;
    let id = fresh_id();
    for _ in 0..20 {
        kira.say(&ClientFrame::Post { room: LOBBY, id, body: "Hi humans!".to_owned() }).await;
    }
    for _ in 0..20 {
        assert_eq!(kira.outcome(id).await, Ok(Seq(1)));
    }
    assert_eq!(kira.posts("next").await, Seq(2));
    assert_eq!(bodies(&kira.events(LOBBY, 2).await), ["Hi humans!", "next"]);
}

#[tokio::test]
async fn an_id_with_other_content_or_of_someone_else_is_a_conflict_and_changes_nothing() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let (mut kira, mut jonas) = (kira.in_lobby().await, jonas.in_lobby().await);
    let id = fresh_id();
    kira.posts_to(LOBBY, id, "Hi humans!").await.expect("an ack");

    assert_eq!(kira.posts_to(LOBBY, id, "Bye humans!").await, Err(Refusal::Conflict));
    assert_eq!(jonas.posts_to(LOBBY, id, "Hi humans!").await, Err(Refusal::Conflict));

    assert_eq!(jonas.posts("next").await, Seq(2));
    assert_eq!(bodies(&jonas.events(LOBBY, 2).await), ["Hi humans!", "next"]);
}

#[tokio::test]
async fn an_id_is_a_name_within_its_room_only() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let tea = kira.creates("Tea").await.id;
    let mut kira = kira.in_lobby().await;
    let id = fresh_id();
    assert_eq!(kira.posts_to(LOBBY, id, "in the lobby").await, Ok(Seq(1)));
    assert_eq!(kira.posts_to(tea, id, "over tea").await, Ok(Seq(1)));
}

#[tokio::test]
async fn a_message_whose_ack_was_never_read_is_acked_after_reconnecting_and_after_a_restart() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let mut jonas = server.join("Jonas").await.in_lobby().await;
    let id = fresh_id();
    let mut lost = kira.in_lobby().await;
    lost.say(&ClientFrame::Post { room: LOBBY, id, body: "Hi humans!".to_owned() }).await;
    assert_eq!(bodies(&jonas.events(LOBBY, 1).await), ["Hi humans!"]);
    drop(lost);

    let first = ack(&mut kira.in_lobby().await, id, "Hi humans!").await;
    assert_eq!(first.0, Seq(1));
    let server = server.restart().await;
    let kira = Person { site: *server, ..kira };
    let mut socket = kira.in_lobby().await;
    assert_eq!(ack(&mut socket, id, "Hi humans!").await, first);
    assert_eq!(socket.posts_to(LOBBY, id, "Bye humans!").await, Err(Refusal::Conflict));
    assert_eq!(socket.posts("next").await, Seq(2));
}
