//! The handshake of a WebSocket needs a session, an origin of this site, and known versions of the protocols.

use crate::support::server::TestServer;

#[tokio::test]
async fn a_socket_from_a_page_of_another_site_is_refused() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let port = server.address.port();
    for origin in
        ["https://evil.example", "null", "", "http://127.0.0.1", &format!("http://127.0.0.1.evil.example:{port}")]
    {
        assert_eq!(kira.try_open(&[("origin", origin)]).await.err(), Some(403), "{origin:?}");
    }
    assert!(kira.try_open(&[("origin", &server.origin())]).await.is_ok());
}

#[tokio::test]
async fn a_websocket_without_an_origin_is_accepted() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let answer = kira.get("/ws").upgrading().send().await;
    assert_eq!((answer.status, answer.header("sec-websocket-protocol")), (101, "hubbub.v1"));
    assert_eq!(answer.header("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "the sample of RFC 6455");
}

#[tokio::test]
async fn behind_a_proxy_the_public_origin_is_the_only_one() {
    let server = TestServer::start_with(&["--public-origin", "https://chat.example.org"]).await;
    let kira = server.join("Kira").await;
    assert!(kira.try_open(&[("origin", "https://chat.example.org")]).await.is_ok());
    for origin in [&server.origin(), "http://chat.example.org", "https://chat.example.org.evil.example"] {
        assert_eq!(kira.try_open(&[("origin", origin)]).await.err(), Some(403), "{origin:?}");
    }
    // Whatever the Host header says, it makes no other site ours.
    let poisoned = [("host", "evil.example"), ("origin", "https://evil.example")];
    assert_eq!(kira.try_open(&poisoned).await.err(), Some(403));
}

#[tokio::test]
async fn without_a_session_there_is_no_socket() {
    let server = TestServer::start().await;
    let garbage = ["", "hubbub_session=", "hubbub_session=garbage", "nonsense", "hubbub_session=\u{fc}", ";;==;"];
    for cookie in garbage {
        let answer = server.get("/ws").upgrading().header("cookie", cookie).send().await;
        assert_eq!(answer.status, 401, "{cookie:?}");
    }
    assert_eq!(server.get("/ws").upgrading().send().await.status, 401);
    let hash = format!("hubbub_session={}", "0".repeat(64));
    assert_eq!(server.get("/ws").upgrading().header("cookie", &hash).send().await.status, 401);
}

#[tokio::test]
async fn another_version_of_the_protocol_is_told_which_one_is_spoken() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let answer = kira.get("/ws").upgrading().header("sec-websocket-version", "8").send().await;
    assert_eq!((answer.status, answer.header("sec-websocket-version")), (426, "13"));
}

#[tokio::test]
async fn a_request_that_is_no_handshake_is_refused() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    for missing in ["upgrade", "connection", "sec-websocket-key", "sec-websocket-version"] {
        let answer = kira.get("/ws").upgrading().without(missing).header("x", "y").send().await;
        assert_eq!(answer.status, 400, "without {missing}");
    }
    assert_eq!(kira.get("/ws").send().await.status, 400);
    assert_eq!(kira.post("/ws", &[]).send().await.status, 405);
}

#[tokio::test]
async fn the_subprotocol_must_be_offered_and_may_be_one_of_several() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    assert_eq!(kira.get("/ws").upgrading().without("sec-websocket-protocol").send().await.status, 400);
    for (offer, status) in [("chat", 400), ("hubbub.v2", 400), ("hubbub.v10", 400), ("hubbub.v2, hubbub.v1", 101)] {
        let answer = kira.get("/ws").upgrading().header("sec-websocket-protocol", offer).send().await;
        assert_eq!(answer.status, status, "{offer}");
    }
}
