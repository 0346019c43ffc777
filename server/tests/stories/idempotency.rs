//! A post that is sent twice is stored once, also after a reconnect or a restart of the server.

use hubbub_protocol::{MessageId, Refusal, Seq, ServerFrame, UnixMillis};

use crate::support::person::Person;
use crate::support::server::TestServer;
use crate::support::socket::Socket;
use crate::support::{LOBBY, bodies, fresh_id, post};

async fn ack(socket: &mut Socket, id: MessageId, body: &str) -> (Seq, UnixMillis) {
    socket.say(&post(LOBBY, id, body)).await;
    let acked = socket.find("an ack", |frame| match frame {
        ServerFrame::Ack { op, seq, at, .. } if *op == id.into() => Some((*seq, *at)),
        _ => None,
    });
    acked.await
}

#[tokio::test]
async fn a_repeated_post_gets_the_same_ack_and_is_stored_once() {
    let server = TestServer::start().await;
    let mut kira = server.join("Kira").await.in_lobby().await;
    let id = fresh_id();

    let first = ack(&mut kira, id, "Hi humans!").await;
    assert_eq!(ack(&mut kira, id, "Hi humans!").await, first);
    assert_eq!(ack(&mut kira, id, "  Hi humans!\n").await, first, "the body is trimmed before it is compared");

    assert_eq!(kira.posts("next").await, Seq(2));
    assert_eq!(bodies(&kira.changes(LOBBY, 2).await), ["Hi humans!", "next"]);
}

#[tokio::test]
async fn a_post_repeated_before_its_ack_is_stored_once() {
    let server = TestServer::start().await;
    let mut kira = server.join("Kira").await.in_lobby().await;
    let id = fresh_id();
    for _ in 0..20 {
        kira.say(&post(LOBBY, id, "Hi humans!")).await;
    }
    for _ in 0..20 {
        assert_eq!(kira.outcome(id).await, Ok(Seq(1)));
    }
    assert_eq!(kira.posts("next").await, Seq(2));
    assert_eq!(bodies(&kira.changes(LOBBY, 2).await), ["Hi humans!", "next"]);
}

#[tokio::test]
async fn reusing_a_message_id_for_another_body_or_author_is_a_conflict_and_changes_nothing() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let (mut kira, mut jonas) = (kira.in_lobby().await, jonas.in_lobby().await);
    let id = fresh_id();
    kira.posts_to(LOBBY, id, "Hi humans!").await.expect("an ack");

    assert_eq!(kira.posts_to(LOBBY, id, "Bye humans!").await, Err(Refusal::Conflict));
    assert_eq!(jonas.posts_to(LOBBY, id, "Hi humans!").await, Err(Refusal::Conflict));

    assert_eq!(jonas.posts("next").await, Seq(2));
    assert_eq!(bodies(&jonas.changes(LOBBY, 2).await), ["Hi humans!", "next"]);
}

#[tokio::test]
async fn the_same_message_id_may_be_used_in_two_rooms() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let tea = kira.creates("Tea").await.id;
    let mut kira = kira.in_lobby().await;
    let id = fresh_id();
    assert_eq!(kira.posts_to(LOBBY, id, "in the lobby").await, Ok(Seq(1)));
    assert_eq!(kira.posts_to(tea, id, "over tea").await, Ok(Seq(1)));
}

#[tokio::test]
async fn a_post_whose_ack_was_lost_gets_the_same_ack_after_a_reconnect_and_a_restart() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let mut jonas = server.join("Jonas").await.in_lobby().await;
    let id = fresh_id();
    let mut lost = kira.in_lobby().await;
    lost.say(&post(LOBBY, id, "Hi humans!")).await;
    assert_eq!(bodies(&jonas.changes(LOBBY, 1).await), ["Hi humans!"]);
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
