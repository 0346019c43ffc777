//! Tests of how HTTP/2 connections end.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::Request;
use h2::client::{Builder, SendRequest};
use tokio::io::AsyncWriteExt;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::{Client, MUCH_LATER, seconds_since};

/// An HTTP/2 client whose library answers every ping.
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
            // An error is one of the expected ends.
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
        // The client would close the connection if this were dropped.
        let _requests = self.requests;
        timeout(MUCH_LATER, self.ended).await.expect("the connection ends").expect("without a panic");
        timeout(MUCH_LATER, self.server).await.expect("it is dropped").expect("without a panic");
    }
}

#[tokio::test(start_paused = true)]
async fn an_http2_connection_that_answers_pings_is_closed_after_75_seconds_without_a_request() {
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
async fn requests_and_responses_in_progress_keep_an_http2_connection_open() {
    let mut http2 = Http2::open(&Builder::new()).await;
    drop(http2.get("/wait?seconds=200").await);
    let mut endless = http2.get("/endless?seconds=200").await;
    for _ in 0..3 {
        let piece = endless.data().await.expect("more data").expect("it is open");
        endless.flow_control().release_capacity(piece.len()).expect("as much as was received");
    }
    drop(endless);
    let since = Instant::now();
    http2.ended().await;
    assert_eq!(seconds_since(since), 75);
}

#[tokio::test(start_paused = true)]
async fn a_response_that_the_client_does_not_read_keeps_no_http2_connection_open() {
    for path in ["/healthz", "/long", "/endless?seconds=0", "/endless?seconds=5"] {
        let mut http2 = Http2::open(Builder::new().initial_window_size(0)).await;
        let _body = http2.get(path).await;
        let since = Instant::now();
        http2.ended().await;
        // 75 s without a request, counted from the last data of the body, and 30 s for the client to read that data.
        assert!((75..=110).contains(&seconds_since(since)), "{path}: {:?}", since.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn an_http2_connection_is_dropped_if_its_client_answers_no_ping() {
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
