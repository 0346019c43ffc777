//! What a supervisor asks: does it live, and can it serve?

use crate::support::server::TestServer;

#[tokio::test]
async fn a_server_that_is_well_is_alive_and_ready() {
    let server = TestServer::start().await;
    for path in ["/healthz", "/readyz"] {
        let answer = server.get(path).send().await;
        assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"), "{path}");
    }
}

#[tokio::test]
async fn a_server_whose_store_can_not_be_written_to_is_alive_and_not_ready() {
    let server = TestServer::start().await;
    server.store.close().await;
    assert_eq!(server.get("/healthz").send().await.status, 200);
    let answer = server.get("/readyz").send().await;
    assert_eq!(answer.status, 503);
    assert!(!answer.body.contains("sqlite") && !answer.body.contains('/'), "details are for the log: {}", answer.body);
}
