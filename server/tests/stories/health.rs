//! The health checks that a supervisor requests.

use std::time::Instant;

use hubbub_protocol::Refusal;

use crate::support::binary::Binary;
use crate::support::disk::Disk;
use crate::support::server::TestServer;
use crate::support::{LOBBY, fresh_id};

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

#[tokio::test]
async fn a_server_on_a_full_disk_is_not_ready_until_there_is_room() {
    let disk = Disk::new();
    let server = Binary::start_on(&disk, &[]).await;
    let mut kira = server.join("Kira").await.in_lobby().await;
    disk.fill();
    assert_eq!(kira.posts_to(LOBBY, fresh_id(), "Hi humans!").await, Err(Refusal::ReadOnly));
    assert_eq!(server.get("/readyz").send().await.status, 503);
    assert_eq!(server.get("/healthz").send().await.status, 200);

    disk.make_room();
    kira.posts("Hi humans!").await;
    while server.get("/readyz").send().await.status != 200 {}
}

#[tokio::test]
async fn readiness_costs_at_most_one_write_a_second() {
    use sqlx::ConnectOptions;

    let folder = tempfile::tempdir().expect("a folder");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("hubbub.db")).read_only(true);
    let server = TestServer::start_on(folder, &[]).await;
    let since = Instant::now();
    for _ in 0..200 {
        assert_eq!(server.get("/readyz").send().await.status, 200);
    }
    let n_at_most = 1 + since.elapsed().as_secs();
    let mut reader = options.connect().await.expect("it opens");
    let n_checks: i64 =
        sqlx::query_scalar("SELECT n_checks FROM store").fetch_one(&mut reader).await.expect("a number");
    assert!((1..=n_at_most).contains(&n_checks.cast_unsigned()), "{n_checks} writes, {n_at_most} allowed");
}
