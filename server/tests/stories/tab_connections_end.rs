//! The end of a polling tab's connection: closed by the client, by a malformed request, or by the server when it stops.
//! The unit tests of the listener cover timeouts.

use std::time::Duration;

use hubbub_protocol::ServerFrame;
use tokio::time::Instant;

use crate::support::LOBBY;
use crate::support::http::Request;
use crate::support::http_connection::HttpConnection;
use crate::support::server::TestServer;
use crate::support::tab::{LONG_WAIT, NO_WAIT, Tab, frames};

const PING: &str = r#""ping""#;
const PONG: &str = "\"pong\"\n";

fn kept(request: Request) -> Request {
    request.without("connection")
}

#[tokio::test]
async fn a_client_that_disconnects_during_a_request_or_a_waiting_poll_leaves_the_room() {
    let server = TestServer::start().await;
    let mut jonas = server.join("Jonas").await.in_lobby().await;
    jonas.sees_present(LOBBY, &["Jonas"]).await;
    let tab = Tab::in_lobby(&server.join("Kira").await).await;
    jonas.sees_present(LOBBY, &["Jonas", "Kira"]).await;
    tab.poll_request(NO_WAIT).send().await;
    let whole = kept(tab.say_request(PING)).bytes();
    for n_bytes in [1, 20, whole.len() - PING.len(), whole.len() - 1] {
        let mut connection = HttpConnection::open(server.address).await;
        connection.write(&whole[..n_bytes]).await;
        drop(connection);
    }
    let mut connection = HttpConnection::open(server.address).await;
    connection.send(kept(tab.say_request(PING))).await;
    connection.write(&kept(tab.poll_request(LONG_WAIT)).bytes()).await;
    assert_eq!(tab.say_request(PING).send().await.body, PONG, "the server has received the poll");
    drop(connection);
    let since = Instant::now();
    jonas.sees_present(LOBBY, &["Jonas"]).await;
    assert!(since.elapsed() < Duration::from_secs(20), "the tab left the room only after {:?}", since.elapsed());
}

#[tokio::test]
async fn a_head_of_20_kib_is_refused_on_a_new_and_on_a_reused_connection() {
    let server = TestServer::start().await;
    let tab = Tab::in_lobby(&server.join("Kira").await).await;
    let large = |n_bytes: usize| kept(tab.say_request(PING)).header("x-padding", &"x".repeat(n_bytes));
    for n_asks in 0..2 {
        let mut connection = HttpConnection::open(server.address).await;
        for _ in 0..n_asks {
            assert_eq!(connection.send(kept(tab.poll_request(NO_WAIT))).await.status, 204);
        }
        assert_eq!(connection.send(large(4 * 1024)).await.body, PONG);
        assert_eq!(connection.send(large(10 * 1024)).await.body, PONG, "a head larger than one read is accepted");
        assert_eq!(connection.send(large(20 * 1024)).await.status, 431);
        connection.ended().await;
    }
}

#[tokio::test]
async fn an_ambiguously_framed_request_of_a_tab_is_refused() {
    let server = TestServer::start().await;
    let tab = Tab::in_lobby(&server.join("Kira").await).await;
    let smuggled = format!("GET /healthz HTTP/1.1\r\nhost: {}\r\n\r\n", server.address);
    for headers in [
        "content-length: 15\r\ncontent-length: 16",
        "content-length: 15, 16",
        "content-length: +15",
        "content-length: -1",
        "content-length: 0x0f",
        "content-length: 99999999999999999999",
        "transfer-encoding: xchunked",
        "transfer-encoding: chunked, identity",
        "transfer-encoding : chunked",
        "content-length: 15\r\n folded: header",
    ] {
        let mut connection = HttpConnection::open(server.address).await;
        assert_eq!(connection.send(kept(tab.poll_request(NO_WAIT))).await.status, 204);
        let head = kept(tab.say_request("")).without("content-length").bytes();
        let head = head.strip_suffix("\r\n").expect("the end of the head");
        connection.write(&format!("{head}{headers}\r\n\r\n{PING}{smuggled}")).await;
        let answer = connection.answer().await;
        assert!((400..=413).contains(&answer.status), "{headers:?}: {answer:?}");
        assert_eq!(connection.ended().await, "", "{headers:?}: bytes after the refused request are not answered");
    }
}

#[tokio::test]
async fn a_server_that_stops_answers_waiting_polls_and_closes_idle_connections() {
    let mut server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let tab = Tab::in_lobby(&kira).await;
    tab.poll_request(NO_WAIT).send().await;
    let (mut waiting, mut idle) =
        (HttpConnection::open(server.address).await, HttpConnection::open(server.address).await);
    let (silent, mut page) = (HttpConnection::open(server.address).await, HttpConnection::open(server.address).await);
    assert_eq!(page.send(kept(kira.get("/healthz"))).await.status, 200);
    assert_eq!(idle.send(kept(tab.say_request(PING))).await.body, PONG);
    waiting.write(&kept(tab.poll_request(LONG_WAIT)).bytes()).await;
    assert_eq!(idle.send(kept(tab.say_request(PING))).await.body, PONG);

    let since = Instant::now();
    server.tell_to_stop();
    let answer = waiting.answer().await;
    assert!(matches!(frames(&answer)[..], [.., ServerFrame::Bye { .. }]), "{answer:?}");
    for connection in [waiting, idle, silent, page] {
        assert_eq!(connection.ended().await, "");
    }
    server.stopped().await.1.expect("the server stops without an error");
    assert!(since.elapsed() < Duration::from_secs(5), "stopping took {:?}", since.elapsed());
}
