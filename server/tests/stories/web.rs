//! Headers, methods and framing of HTTP requests and responses.

use crate::support::http::send;
use crate::support::http_connection::HttpConnection;
use crate::support::server::TestServer;
use crate::support::tab::Tab;

const EVERYWHERE: [&str; 8] =
    ["/", "/rooms/lobby", "/nothing/here", "/healthz", "/readyz", "/ws", "/assets/0/x.js", "/assets/../../etc/passwd"];

const PING: &str = r#""ping""#;
/// Headers that give one request both a content length and a transfer coding.
const TWO_LENGTHS: [&str; 4] = [
    "transfer-encoding: chunked\r\ncontent-length: 5",
    "content-length: 5\r\nTransfer-Encoding: chunked",
    "transfer-encoding: gzip, chunked\r\nx: y\r\nContent-Length: 0",
    "content-length: 5\r\ncontent-length: 5\r\ntransfer-encoding: chunked",
];

#[tokio::test]
async fn every_response_forbids_framing_sniffing_referrers_and_caching() {
    let server = TestServer::start().await;
    for path in EVERYWHERE {
        let answer = server.get(path).send().await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}: no such header over http");
        let policy = answer.header("content-security-policy");
        for directive in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(directive), "{path}: {policy}");
        }
    }
}

#[tokio::test]
async fn behind_https_every_response_sets_strict_transport_security() {
    let server = TestServer::start_with(&["--public-origin", "https://chat.example.org"]).await;
    for path in EVERYWHERE {
        let answer = server.get(path).send().await;
        assert!(answer.header("strict-transport-security").starts_with("max-age="), "{path}");
    }
}

#[tokio::test]
async fn a_page_allows_only_scripts_with_its_nonce_and_each_response_has_a_new_nonce() {
    let server = TestServer::start().await;
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let answer = server.get("/").send().await;
        let policy = answer.header("content-security-policy");
        for directive in ["connect-src 'self'", "img-src 'self' blob:", "form-action 'self'", "'wasm-unsafe-eval'"] {
            assert!(policy.contains(directive), "{policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
        assert!(nonce.len() >= 16, "{nonce}");
        nonces.push(nonce.to_owned());
    }
    assert_ne!(nonces[0], nonces[1]);
}

#[tokio::test]
async fn no_response_contains_the_host_that_the_client_sent() {
    let server = TestServer::start().await;
    for path in EVERYWHERE {
        let answer = server.get(path).header("host", "evil.example").send().await;
        assert!(!format!("{answer:?}").contains("evil.example"), "{path}");
    }
    let joined = server.post("/session", &[("name", "Kira")]).header("host", "evil.example").send().await;
    assert_eq!(joined.header("location"), "/rooms/lobby");
}

#[tokio::test]
async fn a_method_that_a_path_does_not_support_is_answered_with_405() {
    let server = TestServer::start().await;
    let methods = ["DELETE", "PUT", "PATCH", "OPTIONS", "TRACE", "BREW"];
    for (path, allowed) in [
        ("/", "GET,HEAD"),
        ("/rooms", "POST"),
        ("/new-room", "GET,HEAD,POST"),
        ("/rooms/lobby", "GET,HEAD"),
        ("/rooms/lobby/messages", "POST,GET,HEAD"),
        ("/rooms/lobby/live", "GET,HEAD"),
        ("/rooms/lobby/again", "GET,HEAD"),
        ("/rooms/lobby/keeper", "GET,HEAD"),
        ("/session", "POST"),
        ("/session/end", "POST"),
        ("/healthz", "GET,HEAD"),
        ("/readyz", "GET,HEAD"),
        ("/ws", "GET,HEAD"),
        ("/ask", "POST"),
        ("/say", "POST"),
        ("/probe/seen", "GET,HEAD"),
        ("/probe/cookie", "GET,HEAD"),
        ("/probe/wait", "GET,HEAD"),
        ("/probe/stream", "GET,HEAD"),
        ("/assets/0/x.js", "GET,HEAD"),
        ("/nothing/here", "GET,HEAD"),
        ("*", "GET,HEAD"),
    ] {
        for method in methods {
            let host = server.address;
            let request = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
            let answer = send(host, &request).await;
            assert_eq!((answer.status, answer.header("allow")), (405, allowed), "{method} {path}");
        }
    }
    assert_eq!(server.get("/session").send().await.status, 405);
    for path in ["/healthz", "/nothing/here"] {
        assert_eq!(server.post(path, &[]).send().await.status, 405, "{path}");
    }
}

#[tokio::test]
async fn an_unknown_path_is_answered_with_a_404_page_that_links_to_the_start() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    for path in ["/nothing/here", "/rooms/nowhere", "/rooms/%00", "/rooms/a%2Fb"] {
        let answer = kira.get(path).send().await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
        assert!(answer.body.contains(r#"href="/""#), "{path}: the page links to the start: {}", answer.body);
    }
}

#[tokio::test]
async fn files_outside_the_assets_are_not_served() {
    let server = TestServer::start().await;
    for path in
        ["/assets/0/../../Cargo.toml", "/assets/0/%2e%2e/%2e%2e/Cargo.toml", "/assets/0//etc/passwd", "/Cargo.toml"]
    {
        let answer = server.get(path).send().await;
        assert_eq!(answer.status, 404, "{path}");
    }
}

#[tokio::test]
async fn headers_of_20_kib_are_refused() {
    let server = TestServer::start().await;
    let answer = server.get("/healthz").header("x-padding", &"x".repeat(20 * 1024)).send().await;
    assert_eq!(answer.status, 431);
    assert_eq!(server.get("/healthz").header("x-padding", &"x".repeat(4 * 1024)).send().await.status, 200);
}

#[tokio::test]
async fn an_ambiguously_framed_request_is_refused() {
    let server = TestServer::start().await;
    let host = server.address;
    let smuggled = "GET /rooms HTTP/1.1\r\nhost: x\r\n\r\n";
    for headers in [
        "content-length: 5\r\ncontent-length: 6",
        "content-length: 5, 6",
        "content-length: +5",
        "content-length: -1",
        "transfer-encoding: xchunked",
        "transfer-encoding: chunked, identity",
        "transfer-encoding: gzip, identity",
        "transfer-encoding: gzip",
        "transfer-encoding: identity",
        "transfer-encoding:",
        "transfer-encoding: chunked\r\ntransfer-encoding: identity",
        "content-length: 5\r\ntransfer-encoding: identity",
        "transfer-encoding : chunked",
        "x: y\r\n folded: header",
    ] {
        let request = format!(
            "POST /session HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{headers}\r\n\r\n0\r\n\r\n{smuggled}"
        );
        let answer = send(host, &request).await;
        assert_eq!(answer.status, 400, "{headers:?}: {answer:?}");
    }
}

/// RFC 9112, section 6.3: bytes after such a request may be a second request that was smuggled past a proxy.
#[tokio::test]
async fn a_request_with_a_length_and_a_transfer_coding_is_read_as_chunked_and_ends_its_connection() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let tab = Tab::in_lobby(&kira).await;
    let page = kira.get("/healthz").without("connection").bytes();
    for before in ["", &page] {
        for path in ["/healthz", "/rooms/lobby/messages", "/say?tab=x", &format!("/say?tab={}", tab.id)] {
            for lengths in TWO_LENGTHS {
                let (host, cookie) = (server.address, &kira.cookie);
                let head = format!("POST {path} HTTP/1.1\r\nhost: {host}\r\ncookie: {cookie}\r\n{lengths}\r\n\r\n");
                let mut connection = HttpConnection::open(host).await;
                connection.write(&format!("{before}{head}{:x}\r\n{PING}\r\n0\r\n\r\n{page}", PING.len())).await;
                if !before.is_empty() {
                    assert_eq!(connection.answer().await.status, 200);
                }
                let answer = connection.answer().await;
                assert_eq!(answer.header("connection"), "close", "{head:?}: {answer:?}");
                assert!(answer.status != 200 || answer.body.contains("pong"), "{head:?}: {answer:?}");
                // The rest of the response may be a chunked page.
                let rest = connection.ended().await;
                assert!(!rest.contains("HTTP/1.1 "), "the server answered the bytes after the request: {rest}");
            }
        }
    }
}

#[tokio::test]
async fn a_connection_is_reused_after_a_chunked_request_body() {
    let server = TestServer::start().await;
    let form = server.post("/session", &[]).without("connection").without("content-length");
    let form = form.header("transfer-encoding", "chunked").bytes();
    let mut connection = HttpConnection::open(server.address).await;
    let page = server.get("/healthz").bytes();
    connection.write(&format!("{form}9\r\nname=Kira\r\n0\r\n\r\n{page}")).await;
    assert_eq!(connection.answer().await.status, 303);
    assert_eq!(connection.answer().await.status, 200);
}
