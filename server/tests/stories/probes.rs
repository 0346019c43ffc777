//! The probes of `hubbub doctor`: limits on their number and duration, and what a client without a session gets.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::server::TestServer;
use crate::support::site::Site;
use crate::support::tcp::connect;

/// The maximum number of probes that run at the same time.
const AT_A_TIME: usize = 8;

/// Starts a probe stream. The probe runs until the returned connection is dropped.
async fn begun(site: &Site) -> TcpStream {
    let mut stream = connect(site.address).await.expect("the server listens");
    let request = format!("GET /probe/stream HTTP/1.1\r\nHost: {}\r\n\r\n", site.address);
    stream.write_all(request.as_bytes()).await.expect("the server reads");
    let mut said = [0; 12];
    stream.read_exact(&mut said).await.expect("an answer");
    assert_eq!(&said, b"HTTP/1.1 200");
    stream
}

#[tokio::test]
async fn a_probe_beyond_the_limit_is_refused_with_retry_after() {
    let server = TestServer::start().await;
    let mut streams = Vec::new();
    for _ in 0..AT_A_TIME {
        streams.push(begun(&server).await);
    }
    let socket = server.get("/ws").upgrading().header("sec-websocket-protocol", "hubbub.probe");
    for one_more in [server.get("/probe/stream"), server.get("/probe/wait?seconds=1"), socket] {
        let answer = one_more.send().await;
        assert_eq!((answer.status, answer.header("retry-after")), (503, "60"), "{answer:?}");
    }
    assert_eq!(server.get("/probe/seen").send().await.status, 200, "a probe that ends at once isn't counted");

    let mut rest = String::new();
    let mut first = streams.swap_remove(0);
    while !rest.contains("line 6 of 6") {
        let mut bytes = [0; 1024];
        let n_bytes = first.read(&mut bytes).await.expect("the stream goes on");
        assert!(n_bytes > 0, "{rest}");
        rest.push_str(&String::from_utf8_lossy(&bytes[..n_bytes]));
    }
    // All streams started before the first one ended, so a permit is free soon after the first stream's last line.
    while server.get("/probe/wait?seconds=0").send().await.status != 200 {}
}

#[tokio::test]
async fn no_probe_takes_longer_than_a_minute() {
    let server = TestServer::start().await;
    for seconds in ["61", "18446744073709551615", "-1", "soon"] {
        assert_eq!(server.get(&format!("/probe/wait?seconds={seconds}")).send().await.status, 400, "{seconds}");
    }
}

#[tokio::test]
async fn a_probe_without_a_session_gets_only_facts_about_its_own_request() {
    let settings = ["--trusted-proxy", "127.0.0.1"];
    let server = TestServer::start_with(&settings).await;
    server.join("Kira").await.in_lobby().await.posts("Hi humans!").await;
    let answer = server
        .get("/probe/seen")
        .header("host", "chat.example.org")
        .header("origin", "http://elsewhere.example")
        .header("x-forwarded-for", "203.0.113.9")
        .send()
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), "no-store");
    let facts: Vec<&str> = answer.body.lines().filter(|line| !line.starts_with("time-ms: ")).collect();
    assert_eq!(
        facts,
        [
            "This is Hubbub.",
            "host: chat.example.org",
            "origin-is-ours: false",
            "public-origin: none",
            "forwarded-for: 1",
            "proxy-is-trusted: true",
            "address: 203.0.113.9",
        ]
    );
}

#[tokio::test]
async fn a_probe_websocket_needs_no_session_but_the_origin_of_this_site() {
    let server = TestServer::start().await;
    let asked = |origin: &str| {
        let request = server.get("/ws").upgrading().header("sec-websocket-protocol", "hubbub.probe");
        request.header("origin", origin).send()
    };
    let answer = asked(&server.origin()).await;
    assert_eq!((answer.status, answer.header("sec-websocket-protocol")), (101, "hubbub.probe"));
    assert_eq!(asked("http://elsewhere.example").await.status, 403);
}
