//! HTTP/1.1 connections that carry a tab's polls and posts together with the browser's other requests.

use hubbub_protocol::{Seq, ServerFrame, codec};

use crate::support::http::{Request, send};
use crate::support::http_connection::HttpConnection;
use crate::support::server::TestServer;
use crate::support::tab::{LONG_WAIT, NO_WAIT, Tab, frames};
use crate::support::{LOBBY, fresh_id};

const PING: &str = r#""ping""#;
const PONG: &str = "\"pong\"\n";

fn kept(request: Request) -> Request {
    request.without("connection")
}

fn post(body: &str) -> String {
    codec::encode_client(&crate::support::post(LOBBY, fresh_id(), body))
}

#[tokio::test]
async fn polls_and_posts_reuse_their_connections() {
    let server = TestServer::start().await;
    let mut jonas = server.join("Jonas").await.in_lobby().await;
    let mut kira = Tab::of(&server.join("Kira").await);
    let (mut asks, mut says) = (HttpConnection::open(server.address).await, HttpConnection::open(server.address).await);
    let welcome = asks.send(kept(kira.poll_request(LONG_WAIT))).await;
    kira.apply(&welcome);

    for n in 0..20 {
        asks.write(&kept(kira.poll_request(LONG_WAIT)).bytes()).await;
        if n % 2 == 0 {
            jonas.posts(&n.to_string()).await;
        } else {
            let acked = says.send(kept(kira.say_request(&post(&n.to_string())))).await;
            assert!(matches!(frames(&acked)[..], [ServerFrame::Ack { seq, .. }] if seq == Seq(n + 1)), "{acked:?}");
        }
        while kira.applied.len() as u64 <= n {
            let answer = asks.answer().await;
            kira.apply(&answer);
            if kira.applied.len() as u64 <= n {
                asks.write(&kept(kira.poll_request(LONG_WAIT)).bytes()).await;
            }
        }
    }
    assert_eq!(kira.reads(20).await, (0..20).map(|n| n.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn pages_polls_and_a_websocket_share_a_connection() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let tab = Tab::in_lobby(&kira).await;
    let mut connection = HttpConnection::open(server.address).await;
    for _ in 0..3 {
        let well = connection.send(kept(kira.get("/healthz"))).await;
        assert_eq!((well.status, well.header("connection")), (200, ""));
        assert_eq!(connection.send(kept(tab.poll_request(NO_WAIT))).await.status, 204);
        assert_eq!(connection.send(kept(tab.say_request(PING))).await.body, PONG);
        assert_eq!(connection.send(kept(kira.get("/session"))).await.status, 405);
        assert_eq!(connection.send(kept(tab.say_request("nonsense"))).await.status, 400);
    }
    let opened = connection.send(kira.get("/ws").upgrading()).await;
    assert_eq!(opened.status, 101, "{opened:?}");
    drop(connection.into_stream());
}

/// RFC 9112, section 9.3.2: responses come in the order of their requests.
#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let mut jonas = server.join("Jonas").await.in_lobby().await;
    let tab = Tab::in_lobby(&kira).await;
    jonas.sees_present(LOBBY, &["Jonas", "Kira"]).await;
    tab.poll_request(NO_WAIT).send().await;

    let (ask, say) = (kept(tab.poll_request(LONG_WAIT)).bytes(), kept(tab.say_request(PING)).bytes());
    let page = kept(kira.get("/healthz")).bytes();
    let mut connection = HttpConnection::open(server.address).await;
    connection.write(&format!("{ask}{say}{page}{say}{page}{page}{say}")).await;
    let pending = Tab::begin_poll(&Tab::in_lobby(&server.join("Mara").await).await).await;
    jonas.posts("now").await;

    let answer = connection.answer().await;
    assert!(answer.status == 200 && !answer.body.contains("pong"), "the first response is the poll's: {answer:?}");
    for expected in [PONG, "ok\n", PONG, "ok\n", "ok\n", PONG] {
        let answer = connection.answer().await;
        assert_eq!((answer.status, answer.body.as_str()), (200, expected), "{answer:?}");
    }
    drop(pending);
}

#[tokio::test]
async fn a_request_may_arrive_byte_by_byte_or_chunked_or_after_100_continue() {
    let server = TestServer::start().await;
    let tab = Tab::in_lobby(&server.join("Kira").await).await;
    let mut connection = HttpConnection::open(server.address).await;
    for _ in 0..2 {
        for byte in kept(tab.say_request(PING)).bytes().chars() {
            connection.write(&byte.to_string()).await;
            tokio::task::yield_now().await;
        }
        assert_eq!(connection.answer().await.body, PONG);

        let whole = kept(tab.say_request(PING)).bytes();
        let (most, rest) = whole.split_at(whole.len() - 5);
        connection.write(most).await;
        tab.poll_request(NO_WAIT).send().await;
        connection.write(rest).await;
        assert_eq!(connection.answer().await.body, PONG);

        let chunked = kept(tab.say_request("")).without("content-length").header("transfer-encoding", "chunked");
        connection.write(&format!("{}{:x}\r\n{PING}\r\n0\r\n\r\n", chunked.bytes(), PING.len())).await;
        assert_eq!(connection.answer().await.body, PONG);

        let expecting = kept(tab.say_request(PING)).header("expect", "100-continue").bytes();
        connection.write(expecting.strip_suffix(PING).expect("the body is last")).await;
        assert_eq!(connection.answer().await.status, 100);
        connection.write(PING).await;
        assert_eq!(connection.answer().await.body, PONG);
    }
}

#[tokio::test]
async fn a_connection_of_http_1_0_is_closed_after_its_response() {
    let server = TestServer::start().await;
    let tab = Tab::in_lobby(&server.join("Kira").await).await;
    for connection in ["keep-alive", "close"] {
        let request =
            tab.say_request(PING).header("connection", connection).bytes().replacen("HTTP/1.1", "HTTP/1.0", 1);
        let answer = send(server.address, &request).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, PONG), "{answer:?}");
    }
}
