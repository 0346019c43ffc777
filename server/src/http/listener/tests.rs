//! Tests of how connections end: by the client, by a timeout, and with the server. They use streams in memory and a paused
//! clock, so that neither the kernel's buffers nor a busy machine changes the outcome. This file is about HTTP/1.1.
//!
//! - [`http2`]: the same for HTTP/2

mod http2;

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Query;
use axum::routing::{get, post};
use futures_util::stream;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::connection::Http;
use crate::http::address::Peer;

/// The size of the buffer of a stream in memory, for each direction.
const BUFFER_BYTES: usize = 1_024;
/// The length of a response that doesn't fit into the buffer.
const LONG_BYTES: usize = 64 * BUFFER_BYTES;
/// The timeout of a test. The paused clock advances only while every task waits.
const MUCH_LATER: Duration = Duration::from_secs(24 * 60 * 60);
const HEALTHZ: &str = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";

/// The client's end of a connection.
struct Client {
    stream: DuplexStream,
    served: JoinHandle<()>,
    stop: watch::Sender<bool>,
    opened_at: Instant,
}

#[derive(serde::Deserialize)]
struct Seconds {
    seconds: u64,
}

/// Returns a router with responses that are short, long, late or endless.
fn router() -> Router {
    let wait = |Query(Seconds { seconds }): Query<Seconds>| async move {
        sleep(Duration::from_secs(seconds)).await;
        "waited"
    };
    let endless = |Query(Seconds { seconds }): Query<Seconds>| async move {
        Body::from_stream(stream::unfold((), move |()| async move {
            sleep(Duration::from_secs(seconds)).await;
            Some((Ok::<_, Infallible>(Bytes::from_static(b"more")), ()))
        }))
    };
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/long", get(|| async { Body::from(vec![b'x'; LONG_BYTES]) }))
        .route("/wait", get(wait))
        .route("/endless", get(endless))
        .route("/echo", post(|body: String| async { body }))
}

impl Client {
    fn open() -> Self {
        let (stream, server) = duplex(BUFFER_BYTES);
        let (stop, is_stopping) = watch::channel(false);
        let peer = Peer::new(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let served = tokio::spawn(async move { Http::new(router()).serve(server, peer, is_stopping).await });
        Self { stream, served, stop, opened_at: Instant::now() }
    }

    async fn write(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.expect("the server reads");
    }

    /// Reads until the received bytes contain `text`.
    async fn reads(&mut self, text: &str) {
        let reading = async {
            let mut read = Vec::new();
            while !String::from_utf8_lossy(&read).contains(text) {
                assert_ne!(self.stream.read_buf(&mut read).await.expect("it is open"), 0, "closed before {text:?}");
            }
        };
        timeout(MUCH_LATER, reading).await.unwrap_or_else(|_| panic!("{text:?} was not received"));
    }

    /// Waits until the server has closed the connection, and returns the text received until then.
    async fn ended(&mut self) -> String {
        let mut said = Vec::new();
        timeout(MUCH_LATER, self.stream.read_to_end(&mut said)).await.expect("the server closes").expect("no reset");
        String::from_utf8_lossy(&said).into_owned()
    }

    /// Waits until the server has dropped the connection, without reading what the connection has buffered.
    async fn is_given_up(&mut self) {
        timeout(MUCH_LATER, &mut self.served).await.expect("it is dropped").expect("without a panic");
    }
}

fn seconds_since(then: Instant) -> u64 {
    then.elapsed().as_secs()
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_closed_without_a_first_request_head_within_ten_seconds() {
    for beginning in ["", "G", "PRI * HT", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET / HTTP/1.1\r\nhost: x\r\nslow: "] {
        let mut client = Client::open();
        client.write(beginning).await;
        client.ended().await;
        assert_eq!(seconds_since(client.opened_at), 10, "{beginning:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_head_that_arrives_byte_by_byte_has_ten_seconds_in_total() {
    for before in ["", HEALTHZ] {
        let mut client = Client::open();
        client.write(before).await;
        if !before.is_empty() {
            client.reads("ok").await;
            sleep(Duration::from_secs(60)).await;
        }
        let since = Instant::now();
        for byte in ["G", "E", "T"] {
            client.write(byte).await;
            sleep(Duration::from_secs(3)).await;
        }
        assert_eq!(client.ended().await, "");
        assert_eq!(seconds_since(since), 10);
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_kept_for_75_seconds_between_two_requests() {
    let mut client = Client::open();
    for _ in 0..3 {
        client.write(HEALTHZ).await;
        client.reads("ok").await;
        sleep(Duration::from_secs(74)).await;
    }
    client.write(HEALTHZ).await;
    client.reads("ok").await;
    let since = Instant::now();
    assert_eq!(client.ended().await, "");
    assert_eq!(seconds_since(since), 75);
}

#[tokio::test(start_paused = true)]
async fn a_waiting_request_and_a_streaming_response_keep_their_connection_open() {
    let mut client = Client::open();
    client.write("GET /wait?seconds=200 HTTP/1.1\r\nhost: x\r\n\r\n").await;
    client.reads("waited").await;
    client.write("GET /endless?seconds=200 HTTP/1.1\r\nhost: x\r\n\r\n").await;
    for _ in 0..3 {
        client.reads("more").await;
    }
    assert_eq!(seconds_since(client.opened_at), 800);
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_dropped_if_its_client_reads_nothing_for_ten_seconds() {
    for path in ["/long", "/endless?seconds=0"] {
        let mut client = Client::open();
        client.write(&format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n")).await;
        client.is_given_up().await;
        assert_eq!(seconds_since(client.opened_at), 10, "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_kept_if_its_client_reads_a_little_every_nine_seconds() {
    let mut client = Client::open();
    client.write("GET /long HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    let mut n_bytes = 0;
    loop {
        sleep(Duration::from_secs(9)).await;
        match client.stream.read(&mut [0; BUFFER_BYTES]).await.expect("it is open") {
            0 => break,
            n_read => n_bytes += n_read,
        }
    }
    assert!(n_bytes > LONG_BYTES, "{n_bytes} bytes were received");
    assert!(seconds_since(client.opened_at) > 9 * 60);
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_dropped_at_once_when_its_client_closes() {
    for text in [
        "",
        "G",
        "GET /wait?seconds=200 HTTP/1.1\r\nhost: x\r\n\r\n",
        "POST /echo HTTP/1.1\r\ncontent-length: 5\r\n\r\nhe",
    ] {
        let mut client = Client::open();
        client.write(text).await;
        sleep(Duration::from_secs(1)).await;
        client.stream.shutdown().await.expect("it is open");
        client.is_given_up().await;
        assert_eq!(seconds_since(client.opened_at), 1, "{text:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stopping_server_answers_requests_in_progress_and_closes_other_connections() {
    let waiting = "GET /wait?seconds=3 HTTP/1.1\r\nhost: x\r\n\r\n";
    for (text, answer, seconds) in [("", "", 0), (HEALTHZ, "ok", 0), (waiting, "waited", 3), ("GET /", "", 9)] {
        let mut client = Client::open();
        client.write(text).await;
        if answer == "ok" {
            client.reads(answer).await;
        }
        sleep(Duration::from_millis(500)).await;
        client.stop.send_replace(true);
        let said = client.ended().await;
        assert!(said.ends_with(if answer == "ok" { "" } else { answer }), "{text:?}: {said:?}");
        assert!(seconds_since(client.opened_at) <= seconds + 1, "{text:?}: {:?}", client.opened_at.elapsed());
    }
}
