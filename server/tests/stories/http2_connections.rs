//! How a connection of HTTP/2 is kept for as long as it serves for something, and no longer.

use h2::RecvStream;
use tokio::time::timeout;

use crate::support::http2::{Http2, vanished};
use crate::support::server::TestServer;
use crate::support::{LOBBY, PATIENCE, later};

/// Its peer answers every ping by itself, as h2 does.
#[tokio::test]
async fn a_connection_is_kept_for_a_minute_between_two_requests_and_not_for_ever() {
    let server = TestServer::start().await;
    let connection = Http2::connect(&server.join("Kira").await).await;
    for _ in 0..3 {
        assert_eq!(connection.get("/healthz").await.0, 200);
        later(60).await;
    }
    assert_eq!(connection.get("/healthz").await.0, 200);
    later(80).await;
    connection.ended().await;
}

#[tokio::test]
async fn an_answer_that_never_ends_keeps_its_connection() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let connection = Http2::connect(&kira).await;
    let (status, mut body) = connection.get("/rooms/lobby/live").await;
    assert_eq!(status, 200);
    for n in 0..3 {
        let news = format!("news number {n}");
        jonas.post("/rooms/lobby/messages", &[("body", &news)]).send().await;
        reads(&mut body, &news).await;
        later(80).await;
    }
    assert_eq!(connection.get("/healthz").await.0, 200);
    drop(body);
    // The server has heard of it when this is answered.
    assert_eq!(connection.get("/healthz").await.0, 200);
    later(80).await;
    connection.ended().await;
}

#[tokio::test]
async fn a_peer_that_vanishes_is_asked_whether_it_is_there_and_given_up() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let mut at_jonas = jonas.in_lobby().await;
    at_jonas.sees_present(LOBBY, &["Jonas"]).await;
    let gone = vanished(&kira, "/rooms/lobby/live").await;
    at_jonas.sees_present(LOBBY, &["Jonas", "Kira"]).await;
    later(26).await;
    later(11).await;
    timeout(PATIENCE, at_jonas.sees_present(LOBBY, &["Jonas"])).await.expect("it is given up");
    drop(gone);
}

#[tokio::test]
async fn an_answer_that_nobody_takes_keeps_nothing() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    for path in ["/healthz", "/rooms/lobby", "/rooms/lobby/live"] {
        let connection = Http2::connect_to_take_nothing(&kira).await;
        let (status, body) = connection.get(path).await;
        assert_eq!(status, 200);
        // It is told to go elsewhere after 75 s, and given 30 more to take what it was answered.
        for _ in 0..12 {
            later(10).await;
            // Of another connection: the peer has said by then that it is there.
            kira.get("/healthz").send().await;
        }
        connection.ended().await;
        drop(body);
    }
}

async fn reads(body: &mut RecvStream, text: &str) {
    let reading = async {
        let mut read = String::new();
        while !read.contains(text) {
            let bytes = body.data().await.expect("it goes on").expect("it is whole");
            body.flow_control().release_capacity(bytes.len()).expect("no more than came");
            read += &String::from_utf8_lossy(&bytes);
        }
    };
    timeout(PATIENCE, reading).await.expect("it is written");
}
