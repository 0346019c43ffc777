//! Requests that two servers could understand differently: which host they are for, and where their body ends.

use crate::support::http::{HttpResponse, send};
use crate::support::http_connection::HttpConnection;
use crate::support::http2::Http2;
use crate::support::server::TestServer;
use crate::support::site::Site;

/// The answer to `GET`, with the lines given for headers.
async fn get(server: &Site, line: &str, headers: &str) -> HttpResponse {
    send(server.address, &format!("{line}\r\n{headers}\r\n")).await
}

#[tokio::test]
async fn a_request_names_one_host_that_is_a_host() {
    let server = TestServer::start().await;
    for headers in [
        "",
        "host:\r\n",
        "host: a\r\nhost: a\r\n",
        "host: a\r\nx: y\r\nHost: b\r\n",
        "host: a b\r\n",
        "host: a, b\r\n",
        "host: a,b\r\n",
        "host: a/b\r\n",
        "host: kira@a\r\n",
        "host: a:b\r\n",
        "host: http://a\r\n",
    ] {
        for line in ["GET /healthz HTTP/1.1", "GET / HTTP/1.1", "POST /say HTTP/1.1", "GET /nothing HTTP/1.1"] {
            let answer = get(&server, line, headers).await;
            assert_eq!((answer.status, answer.header("connection")), (400, "close"), "{line} {headers:?}: {answer:?}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "as every answer");
        }
    }
    for host in ["a", "chat.example.org:3000", "[::1]:3000"] {
        let answer = get(&server, "GET /healthz HTTP/1.1", &format!("host: {host}\r\nconnection: close\r\n")).await;
        assert_eq!(answer.status, 200, "{host}");
    }
}

/// HTTP/1.0 has no `Host`; proxies look with it whether a server is well.
#[tokio::test]
async fn a_request_of_http_1_0_needs_no_host() {
    let server = TestServer::start().await;
    assert_eq!(get(&server, "GET /healthz HTTP/1.0", "").await.status, 200);
    assert_eq!(get(&server, "GET /healthz HTTP/1.0", "host: a\r\nhost: b\r\n").await.status, 400);
}

#[tokio::test]
async fn a_target_and_a_host_name_the_same_host() {
    let server = TestServer::start().await;
    for (target, host, status) in [("a", "a", 200), ("a", "A", 200), ("a", "b", 400), ("kira@a", "a", 400)] {
        let line = format!("GET http://{target}/healthz HTTP/1.1");
        let answer = get(&server, &line, &format!("host: {host}\r\nconnection: close\r\n")).await;
        assert_eq!(answer.status, status, "{target} and {host}");
    }
    let http2 = Http2::connect(&server.join("Kira").await).await;
    for (authority, host, status) in [
        ("a", None, 200),
        ("a", Some("a"), 200),
        ("a", Some("b"), 400),
        ("a", Some("a:1"), 400),
        ("a", Some("a,a"), 400),
    ] {
        assert_eq!(http2.status_with_hosts(authority, host).await, status, "{authority} and {host:?}");
    }
}

#[tokio::test]
async fn the_only_transfer_coding_is_chunked() {
    let server = TestServer::start().await;
    let host = server.address;
    let cases = [
        ("transfer-encoding: chunked", 303),
        ("transfer-encoding: Chunked", 303),
        ("transfer-encoding: gzip, chunked", 400),
        ("transfer-encoding: gzip\r\ntransfer-encoding: chunked", 400),
        ("transfer-encoding: chunked, chunked", 400),
        ("transfer-encoding: identity, chunked", 400),
        ("transfer-encoding: chunked\r\ntransfer-encoding: chunked", 400),
    ];
    for (n, (codings, status)) in cases.into_iter().enumerate() {
        let form = "content-type: application/x-www-form-urlencoded\r\n";
        let head = format!("POST /session HTTP/1.1\r\nhost: {host}\r\n{form}{codings}\r\n\r\n");
        let page = format!("GET /healthz HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        let mut connection = HttpConnection::open(host).await;
        // Each of them joins under a name of its own.
        connection.write(&format!("{head}6\r\nname={n}\r\n0\r\n\r\n{page}")).await;
        let answer = connection.answer().await;
        assert_eq!(answer.status, status, "{codings:?}: {answer:?}");
        if status == 400 {
            assert_eq!(answer.header("connection"), "close", "{codings:?}");
            assert_eq!(connection.ended().await, "", "{codings:?}: what is behind it was answered");
        }
    }
}
