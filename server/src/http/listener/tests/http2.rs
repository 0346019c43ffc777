//! Tests of how connections of HTTP/2 end.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::Request;
use h2::client::{Builder, SendRequest};
use tokio::io::AsyncWriteExt;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::{Client, MUCH_LATER, seconds_since};

/// A client of HTTP/2 that answers every ping by itself.
struct Http2 {
    requests: SendRequest<Bytes>,
    ended: JoinHandle<()>,
    server: JoinHandle<()>,
}

impl Http2 {
    async fn open(builder: &Builder) -> Self {
        let Client { stream, served, stop, .. } = Client::open();
        let (requests, connection) = builder.handshake(stream).await.expect("HTTP/2");
        let ended = tokio::spawn(async move {
            // However it ends.
            let _ = connection.await;
            drop(stop);
        });
        Self { requests, ended, server: served }
    }

    async fn get(&mut self, path: &str) -> h2::RecvStream {
        let request = Request::get(format!("http://x{path}")).body(()).expect("a request");
        let mut requests = self.requests.clone().ready().await.expect("an open connection");
        let (response, _) = requests.send_request(request, true).expect("a stream");
        response.await.expect("a response").into_body()
    }

    async fn ended(self) {
        // Otherwise the client would close it.
        let _requests = self.requests;
        timeout(MUCH_LATER, self.ended).await.expect("it ends").expect("without a panic");
        timeout(MUCH_LATER, self.server).await.expect("it is given up").expect("without a panic");
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_of_http2_is_kept_for_75_seconds_between_two_requests_though_it_answers_pings() {
    let mut http2 = Http2::open(&Builder::new()).await;
    for _ in 0..3 {
        drop(http2.get("/healthz").await);
        sleep(Duration::from_secs(74)).await;
    }
    drop(http2.get("/healthz").await);
    let since = Instant::now();
    http2.ended().await;
    assert_eq!(seconds_since(since), 75);
}

#[tokio::test(start_paused = true)]
async fn what_is_in_progress_keeps_a_connection_of_http2_until_it_is_dropped() {
    let mut http2 = Http2::open(&Builder::new()).await;
    drop(http2.get("/wait?seconds=200").await);
    let mut endless = http2.get("/endless?seconds=200").await;
    for _ in 0..3 {
        let piece = endless.data().await.expect("it goes on").expect("it is open");
        endless.flow_control().release_capacity(piece.len()).expect("no more than came");
    }
    drop(endless);
    let since = Instant::now();
    http2.ended().await;
    assert_eq!(seconds_since(since), 75);
}

#[tokio::test(start_paused = true)]
async fn a_response_that_a_client_of_http2_does_not_take_keeps_nothing() {
    for path in ["/healthz", "/long", "/endless?seconds=0", "/endless?seconds=5"] {
        let mut http2 = Http2::open(Builder::new().initial_window_size(0)).await;
        let _body = http2.get(path).await;
        let since = Instant::now();
        http2.ended().await;
        // 75 s without a request, from when the body last had something, and 30 s to take what was sent.
        assert!((75..=110).contains(&seconds_since(since)), "{path}: {:?}", since.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_of_http2_that_answers_no_ping_is_given_up() {
    let mut client = Client::open();
    // RFC 9113: the preface, empty settings (type 4), and a whole request (type 1, flags 5) as stream 1. RFC 7541: GET and
    // http are numbers 2 and 6 of its table; 4 and 1 name the path and the host.
    let head = [&b"\x82\x86\x04\x12"[..], b"/wait?seconds=3000", b"\x01\x01x"].concat();
    let frames = [
        &b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"[..],
        &[0, 0, head.len() as u8, 1, 5, 0, 0, 0, 1],
        &head,
    ];
    client.stream.write_all(&frames.concat()).await.expect("the server reads");
    client.is_given_up().await;
    assert_eq!(seconds_since(client.opened_at), 35);
}
