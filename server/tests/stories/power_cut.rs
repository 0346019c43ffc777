//! The counter-tests to `crash`: the same disk loses acked messages as soon as commits are not synced. So that the loss
//! is due to SQLite's own setting, a server whose store has the weaker setting runs in a process of its own: this test
//! program, started again for the one test that is such a server.

use std::fs;
use std::process::Command;
use std::sync::Arc;

use clap::Parser;
use hubbub::bus::LocalBus;
use hubbub::config::Config;
use hubbub::http::listener;
use hubbub::store::Store;
use hubbub::store::sqlite::SqliteStore;

use crate::support::LOBBY;
use crate::support::binary::Binary;
use crate::support::disk::Disk;
use crate::support::person::Person;

/// `FULL`, `NORMAL` or `OFF`, as in SQLite's `PRAGMA synchronous`.
const SYNCHRONOUS: &str = "TEST_SYNCHRONOUS";
const DATA: &str = "TEST_DATA";
const N_POSTS: u64 = 100;

/// How many of 100 acked messages a power cut takes from a server with this setting.
async fn n_lost(synchronous: &str) -> u64 {
    let disk = Disk::new();
    let server = Binary::start_on(&disk, &[]).await;
    let kira = server.join("Kira").await;
    server.terminate();
    server.ended().await;

    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", "power_cut::a_server_with_another_setting", "--nocapture"]);
    command.env(SYNCHRONOUS, synchronous).env(DATA, disk.data()).envs(disk.variables());
    let server = Binary::start_command(command).await;
    let mut socket = Person { site: *server, ..kira }.in_lobby().await;
    socket.posts_all((0..N_POSTS).map(|n| n.to_string())).await;
    server.kill();
    disk.cut_power();

    // It may have noted the loss already, and then the folder would not be opened.
    fs::remove_file(disk.data().join("hubbub.marker")).expect("it was synced when the server started");
    let store = SqliteStore::open(disk.data()).await.expect("it opens");
    N_POSTS - store.head(LOBBY).await.expect("it is read").expect("the lobby").0
}

#[tokio::test]
async fn a_server_with_another_setting() {
    let (Ok(synchronous), Ok(data)) = (std::env::var(SYNCHRONOUS), std::env::var(DATA)) else { return };
    let synchronous = synchronous.to_lowercase().parse().expect("a setting of SQLite");
    let store = SqliteStore::open_with(data.as_ref(), synchronous).await.expect("it opens");
    let listener = listener::bind(([127, 0, 0, 1], 0).into()).expect("a free port");
    eprintln!("open http://{}", listener.local_addr().expect("an address"));
    let config = Config::parse_from(["hubbub", "--posts-per-minute", "0"]);
    let stop = std::future::pending();
    hubbub::serve::serve(&config, listener, Arc::new(store), Arc::new(LocalBus::default()), stop)
        .await
        .expect("it serves");
}

#[tokio::test]
async fn a_commit_that_is_synced_survives_a_power_cut() {
    assert_eq!(n_lost("FULL").await, 0);
}

#[tokio::test]
async fn a_commit_that_is_not_synced_is_lost() {
    assert_eq!(n_lost("OFF").await, N_POSTS);
    assert_eq!(n_lost("NORMAL").await, N_POSTS);
}
