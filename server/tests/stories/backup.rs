//! `hubbub backup`, `hubbub restore` and `hubbub accept-loss`, run as an operator runs them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::{Arc, Mutex};

use hubbub_protocol::{ClientFrame, Cursor, OpId, PageReason, Query, Seq, ServerFrame, codec};
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio_tungstenite::tungstenite::Message;

use crate::support::binary::Binary;
use crate::support::disk::Disk;
use crate::support::person::Person;
use crate::support::{LOBBY, fresh_id, post};

const SETTINGS: [&str; 2] = ["--posts-per-minute", "0"];
/// Acks before the backup begins.
const N_ACKS: usize = 200;

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path that is text")
}

fn backup(data: &Path, file: &Path) -> Output {
    Binary::run(data, &["backup", text(file)])
}

fn restore(data: &Path, file: &Path) -> Output {
    Binary::run(data, &["restore", text(file)])
}

fn assert_done(output: &Output, mentions: &str) {
    let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && error.is_empty(), "{error}");
    assert!(out.contains(mentions), "{mentions:?} in {out}");
}

/// One line on standard error that says this, and exit code 1.
fn assert_refused(output: &Output, mentions: &str) {
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains(mentions), "{mentions:?} in {error}");
    assert!(error.trim_end().lines().count() == 1 && !error.contains("panicked"), "{error}");
}

/// Every file of a folder with its content, without the lock file.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let paths = fs::read_dir(folder).expect("the folder").map(|file| file.expect("a file").path());
    let mut files: Vec<_> = paths
        .filter(|path| !path.ends_with("hubbub.lock"))
        .map(|path| (path.clone(), fs::read(&path).expect("a file")))
        .collect();
    files.sort();
    files
}

/// A folder in which a server has run, with this many messages of Kira's in it.
async fn used_folder(n_messages: usize) -> (TempDir, Person) {
    let data = folder();
    let server = Binary::start(data.path(), &SETTINGS).await;
    let kira = server.join("Kira").await;
    kira.in_lobby().await.posts_all((0..n_messages).map(|n| format!("message {n} {}", "and so on ".repeat(20)))).await;
    server.terminate();
    server.ended().await;
    (data, kira)
}

/// Posts without end. Each ack is counted.
async fn post_on(kira: Person, acks: Arc<Mutex<Vec<(OpId, Seq)>>>, enough: Arc<Notify>) {
    let mut socket = kira.in_lobby().await;
    loop {
        let post = post(LOBBY, fresh_id(), "Hi humans!");
        // The test kills the server, which ends this connection.
        let Ok(()) = socket.try_say(Message::text(codec::encode_client(&post))).await else { return };
        let ack = loop {
            match socket.read().await {
                Ok(ServerFrame::Ack { op, seq, .. }) => break (op, seq),
                Ok(_) => {}
                Err(_) => return,
            }
        };
        let mut acks = acks.lock().expect("no panic");
        acks.push(ack);
        if acks.len() == N_ACKS {
            enough.notify_one();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_holds_what_was_acked_before_it_and_browsers_start_from_it() {
    let (data, backups) = (folder(), folder());
    let (file, path) = (backups.path().join("monday.db"), data.path().to_owned());
    let server = Binary::start(data.path(), &SETTINGS).await;
    let kira = server.join("Kira").await;
    let (acks, enough) = (Arc::default(), Arc::new(Notify::new()));
    for _ in 0..4 {
        tokio::spawn(post_on(kira.clone(), Arc::clone(&acks), Arc::clone(&enough)));
    }
    enough.notified().await;

    let acked_before = acks.lock().expect("no panic").clone();
    let output = {
        let file = file.clone();
        tokio::task::spawn_blocking(move || backup(&path, &file)).await.expect("no panic")
    };
    assert_done(&output, text(&file));
    assert_eq!(fs::metadata(&file).expect("a backup").permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(backups.path()).expect("the folder").count(), 1, "nothing is left beside it");
    let mut socket = kira.in_lobby().await;
    let last = socket.posts("after the backup").await;
    let (_, page) = kira.following(LOBBY, None).await;
    let ServerFrame::Page { epoch, .. } = page else { panic!("{page:?}") };
    server.kill();

    assert_done(&restore(data.path(), &file), "hubbub.db.replaced-1");
    let server = Binary::start(data.path(), &SETTINGS).await;
    let kira = Person { site: *server, ..kira };
    let stored = kira.messages_of_lobby().await;
    assert!(stored.last().expect("messages").seq < last, "it is as it was at the time of the backup");
    let stored: Vec<(OpId, Seq)> = stored.iter().map(|message| (message.id.into(), message.seq)).collect();
    assert!(acked_before.iter().all(|ack| stored.contains(ack)), "every message that was acked is there");
    for seq in [Seq(1), last] {
        let (_, answer) = kira.following(LOBBY, Some(Cursor { epoch, seq })).await;
        assert!(matches!(answer, ServerFrame::Page { reason: PageReason::Reset, .. }), "{answer:?}");
    }
    assert_eq!(fs::metadata(data.path().join("hubbub.db")).expect("a file").permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn a_file_that_is_no_whole_database_of_hubbub_is_not_restored_and_nothing_changes() {
    let ((data, kira), backups) = (used_folder(200).await, folder());
    let good = backups.path().join("good.db");
    assert_done(&backup(data.path(), &good), "200 events");
    let bytes = fs::read(&good).expect("a backup");
    let half = &bytes[..bytes.len() / 8192 * 4096];
    let mut scratched = bytes.clone();
    scratched[bytes.len() / 2..].fill(0xA5);
    let foreign = backups.path().join("foreign.db");
    foreign_database(&foreign).await;
    let foreign = fs::read(foreign).expect("a database");
    let before = files(data.path());

    for (name, bytes, mentions) in [
        ("text", "Dear diary, ".repeat(1_000).as_bytes(), "not an SQLite database"),
        ("empty", b"".as_slice(), "holds no database"),
        ("half", half, "damaged"),
        ("scratched", &scratched, "damaged"),
        ("foreign", &foreign, "not a database of Hubbub"),
    ] {
        let file = backups.path().join(name);
        fs::write(&file, bytes).expect("it is written");
        assert_refused(&restore(data.path(), &file), mentions);
        assert_eq!(files(data.path()), before, "{name}");
        assert_eq!(fs::read(&file).expect("it is there"), bytes, "{name}");
    }
    assert_refused(&restore(data.path(), &backups.path().join("missing")), "No such file");
    assert_eq!(files(data.path()), before);

    let server = Binary::start(data.path(), &SETTINGS).await;
    assert_eq!(Person { site: *server, ..kira }.in_lobby().await.posts("undisturbed").await, Seq(201));
    assert_refused(&restore(data.path(), &good), "in use");
    assert_eq!(Person { site: *server, ..server.join("Jonas").await }.in_lobby().await.posts("still").await, Seq(202));
}

async fn foreign_database(path: &Path) {
    use sqlx::{ConnectOptions, Connection};

    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut foreign = options.connect().await.expect("it is created");
    sqlx::query("CREATE TABLE recipe (name TEXT)").execute(&mut foreign).await.expect("a table");
    foreign.close().await.expect("it is closed");
}

#[tokio::test]
async fn a_backup_never_overwrites_and_needs_a_whole_database() {
    let ((data, _), backups) = (used_folder(50).await, folder());
    let file = backups.path().join("monday.db");
    fs::write(&file, "something else").expect("it is written");
    assert_refused(&backup(data.path(), &file), "exists already");
    assert_eq!(fs::read_to_string(&file).expect("it is there"), "something else");
    assert_refused(&backup(data.path(), &backups.path().join("no/such/folder/x.db")), "can't write");
    assert_refused(&backup(folder().path(), &backups.path().join("x.db")), "no database");

    let database = data.path().join("hubbub.db");
    let bytes = fs::read(&database).expect("a database");
    fs::write(&database, &bytes[..bytes.len() / 8192 * 4096]).expect("it is written");
    assert_refused(&backup(data.path(), &backups.path().join("x.db")), "damaged");
    assert_eq!(fs::read_dir(backups.path()).expect("the folder").count(), 1, "nothing is left behind");
}

#[tokio::test]
async fn a_backup_that_the_disk_does_not_store_as_it_was_written_is_refused() {
    let disk = Disk::new();
    let server = Binary::start_on(&disk, &SETTINGS).await;
    let long = "and so on ".repeat(50);
    server.join("Kira").await.in_lobby().await.posts_all((0..400).map(|_| long.clone())).await;
    server.terminate();
    server.ended().await;
    let [good, bad] = ["good.db", "bad.db"].map(|name| disk.data().join(name));
    assert_done(&Binary::run_on(&disk, &["backup", text(&good)]), "400 events");
    let before = files(disk.data());

    disk.become_faulty();
    assert_refused(&Binary::run_on(&disk, &["backup", text(&bad)]), "the copy of the database failed its check");
    assert_eq!(files(disk.data()), before, "nothing is left behind");
}

#[tokio::test]
async fn a_database_that_was_emptied_is_refused_until_a_backup_is_restored() {
    let ((data, kira), backups) = (used_folder(3).await, folder());
    let (database, file) = (data.path().join("hubbub.db"), backups.path().join("monday.db"));
    assert_done(&backup(data.path(), &file), "3 events");
    fs::write(&database, "").expect("it is emptied");

    for refused in [Binary::run(data.path(), &[]), Binary::run(data.path(), &[])] {
        let error = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{error}");
        assert!(error.contains("missing or empty") && error.contains("hubbub restore BACKUP"), "{error}");
    }
    assert_eq!(fs::metadata(&database).expect("it is there").len(), 0);

    assert_done(&restore(data.path(), &file), "3 events");
    let server = Binary::start(data.path(), &SETTINGS).await;
    assert_eq!(Person { site: *server, ..kira }.in_lobby().await.posts("back").await, Seq(4));
}

#[tokio::test]
async fn a_database_that_lost_its_end_is_refused_until_the_loss_is_accepted() {
    let data = folder();
    let server = Binary::start(data.path(), &SETTINGS).await;
    let kira = server.join("Kira").await;
    let mut socket = kira.in_lobby().await;
    for _ in 0..2 {
        socket.posts_all((0..50).map(|n| n.to_string())).await;
    }
    let (_, page) = kira.following(LOBBY, None).await;
    let ServerFrame::Page { epoch, .. } = page else { panic!("{page:?}") };
    server.kill();
    let log = data.path().join("hubbub.db-wal");
    let bytes = fs::read(&log).expect("a -wal file");
    fs::write(&log, &bytes[..bytes.len() - 4096]).expect("it is cut");

    let before = files(data.path());
    let refused = Binary::run(data.path(), &[]);
    let error = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2), "{error}");
    assert!(error.contains("but 100 were stored") && error.contains("hubbub accept-loss"), "{error}");
    let unchanged =
        |name| before.iter().any(|(path, bytes)| path.ends_with(name) && fs::read(path).is_ok_and(|now| now == *bytes));
    assert!(unchanged("hubbub.db") && unchanged("hubbub.db-wal"), "what is left can still be looked at");

    assert_done(&Binary::run(data.path(), &["accept-loss"]), "browsers will start from it");
    let server = Binary::start(data.path(), &SETTINGS).await;
    let kira = Person { site: *server, ..kira };
    assert!(kira.messages_of_lobby().await.len() < 100);
    let (_, answer) = kira.following(LOBBY, Some(Cursor { epoch, seq: Seq(1) })).await;
    assert!(matches!(answer, ServerFrame::Page { reason: PageReason::Reset, .. }), "{answer:?}");
}

#[tokio::test]
async fn damage_is_explained_once_and_refused_at_the_start() {
    let (data, kira) = used_folder(600).await;
    let database = data.path().join("hubbub.db");
    let mut bytes = fs::read(&database).expect("a database");
    let middle = bytes.len() / 4096 / 2 * 4096;
    bytes[middle..middle + 4096 * 8].fill(0);
    fs::write(&database, &bytes).expect("it is written");

    let server = Binary::start(data.path(), &SETTINGS).await;
    let mut socket = Person { site: *server, ..kira }.in_lobby().await;
    for seq in (1..=600_u64).step_by(50) {
        socket.say(&ClientFrame::Query { room: LOBBY, query: Query::Before(Seq(seq)) }).await;
    }
    socket.is_heard().await;
    server.terminate();
    let (_, log) = server.ended().await;
    let explained = log.iter().filter(|line| line.contains("hubbub restore BACKUP")).count();
    let failed = log.iter().filter(|line| line.contains("the store failed")).count();
    assert!(explained == 1 && failed > 1, "{explained} of {failed}: {log:#?}");

    bytes[4096..].fill(0xA5);
    fs::write(&database, &bytes).expect("it is written");
    let refused = Binary::run(data.path(), &[]);
    let error = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2), "{error}");
    assert!(error.contains("damaged") && error.contains("hubbub restore BACKUP"), "{error}");
}
