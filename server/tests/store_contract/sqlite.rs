//! Tests of the SQLite store only: private files, one open store for each folder, and a distinct error for each folder
//! that can't be opened.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use hubbub::store::Store;
use hubbub::store::sqlite::{OpenError, SqliteStore};
use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};

use crate::fixture::{changes, kira, lobby, messages_of, post};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("the file exists").permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("the mode is set");
}

async fn refusal_to_open(folder: &Path) -> OpenError {
    SqliteStore::open(folder).await.expect_err("the store must not open")
}

#[tokio::test]
async fn only_the_owner_may_access_the_folder_and_its_files() {
    let above = tempfile::tempdir().expect("a folder");
    let folder = above.path().join("not").join("there yet");
    let store = SqliteStore::open(&folder).await.expect("the store opens");
    let (kira, lobby) = (kira(&store).await, lobby(&store).await);
    changes(&store, vec![post(lobby, &kira, 1, "Hi")]).await;
    messages_of(&store, lobby, &kira).await;

    assert_eq!(mode(&folder), 0o700);
    for name in ["hubbub.db", "hubbub.db-wal", "hubbub.db-shm", "hubbub.lock", "hubbub.marker"] {
        assert_eq!(mode(&folder.join(name)), 0o600, "{name}");
    }
    assert_eq!(fs::read_dir(&folder).expect("readable").count(), 5, "the mode of every file is checked");
}

#[tokio::test]
async fn an_empty_folder_is_made_private_and_one_with_other_files_keeps_its_mode() {
    let (empty, shared) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    set_mode(empty.path(), 0o755);
    set_mode(shared.path(), 0o755);
    fs::write(shared.path().join("holiday.jpg"), "sun").expect("written");

    for folder in [&empty, &shared] {
        SqliteStore::open(folder.path()).await.expect("the store opens").close().await;
    }

    assert_eq!((mode(empty.path()), mode(shared.path())), (0o700, 0o755));
    assert_eq!(mode(&shared.path().join("hubbub.db")), 0o600);
}

#[tokio::test]
async fn a_database_with_a_wider_mode_is_made_private() {
    let folder = tempfile::tempdir().expect("a folder");
    SqliteStore::open(folder.path()).await.expect("the store opens").close().await;
    let database = folder.path().join("hubbub.db");
    set_mode(&database, 0o644);

    let store = SqliteStore::open(folder.path()).await.expect("the store opens");
    kira(&store).await;

    assert_eq!(mode(&database), 0o600);
    assert_eq!(mode(&folder.path().join("hubbub.db-wal")), 0o600);
}

#[tokio::test]
async fn a_folder_is_open_in_one_store_at_a_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = SqliteStore::open(folder.path()).await.expect("the store opens");

    let refusal = refusal_to_open(folder.path()).await;
    assert!(matches!(refusal, OpenError::InUse { .. }), "{refusal:?}");
    assert!(refusal.to_string().contains(&folder.path().display().to_string()), "{refusal}");

    first.check().await.expect("the first store still works");
    first.close().await;
    let second = SqliteStore::open(folder.path()).await.expect("the folder opens after the first store is closed");
    drop(second);
    SqliteStore::open(folder.path()).await.expect("the folder opens after the second store is dropped");
}

#[tokio::test]
async fn a_lock_file_that_is_a_symlink_is_refused_and_its_target_is_unchanged() {
    let (folder, elsewhere) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let target = elsewhere.path().join("target");
    fs::write(&target, "mine").expect("written");
    set_mode(&target, 0o644);
    std::os::unix::fs::symlink(&target, folder.path().join("hubbub.lock")).expect("linked");

    let refusal = refusal_to_open(folder.path()).await;

    assert!(matches!(refusal, OpenError::LockIsLink { .. }), "{refusal:?}");
    assert_eq!((mode(&target), fs::read_to_string(&target).expect("readable")), (0o644, "mine".to_owned()));
}

#[tokio::test]
async fn a_folder_without_its_database_is_refused_until_the_marker_is_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = SqliteStore::open(folder.path()).await.expect("the store opens");
    let epoch = store.epoch();
    store.close().await;
    fs::remove_file(folder.path().join("hubbub.db")).expect("removed");

    let refusal = refusal_to_open(folder.path()).await;
    assert!(matches!(refusal, OpenError::Vanished { .. }), "{refusal:?}");
    assert!(!folder.path().join("hubbub.db").exists(), "no empty database is created");

    fs::remove_file(folder.path().join("hubbub.marker")).expect("removed");
    assert_ne!(SqliteStore::open(folder.path()).await.expect("the store opens").epoch(), epoch);
}

#[tokio::test]
async fn a_database_that_was_replaced_by_another_is_refused() {
    let (folder, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    for folder in [&folder, &other] {
        SqliteStore::open(folder.path()).await.expect("the store opens").close().await;
    }
    fs::copy(other.path().join("hubbub.db"), folder.path().join("hubbub.db")).expect("copied");

    let refusal = refusal_to_open(folder.path()).await;

    assert!(matches!(refusal, OpenError::Exchanged { .. }), "{refusal:?}");
}

#[tokio::test]
async fn a_marker_that_can_not_be_read_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    SqliteStore::open(folder.path()).await.expect("the store opens").close().await;
    for content in ["", "soon"] {
        fs::write(folder.path().join("hubbub.marker"), content).expect("written");
        let refusal = refusal_to_open(folder.path()).await;
        assert!(matches!(refusal, OpenError::BadMarker { .. }), "{refusal:?}");
    }
}

#[tokio::test]
async fn a_database_of_another_program_is_refused_and_unchanged() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("hubbub.db");
    let mut foreign = SqliteConnectOptions::new()
        .filename(&database)
        .create_if_missing(true)
        .connect()
        .await
        .expect("the database opens");
    sqlx::query("CREATE TABLE recipe (name TEXT)").execute(&mut foreign).await.expect("a table");
    sqlx::Connection::close(foreign).await.expect("closed");
    let before = fs::read(&database).expect("readable");

    let refusal = refusal_to_open(folder.path()).await;

    assert!(matches!(refusal, OpenError::NotHubbub { .. }), "{refusal:?}");
    assert_eq!(fs::read(&database).expect("readable"), before);
}

#[tokio::test]
async fn the_error_names_the_path_that_can_not_be_created_or_written() {
    let above = tempfile::tempdir().expect("a folder");
    let file = above.path().join("file");
    fs::write(&file, "not a folder").expect("written");
    let taken = above.path().join("taken");
    fs::create_dir_all(taken.join("hubbub.db")).expect("made");

    for (folder, named) in
        [(file.clone(), file.clone()), (file.join("data"), file.join("data")), (taken.clone(), taken.join("hubbub.db"))]
    {
        let refusal = refusal_to_open(&folder).await;
        assert!(matches!(&refusal, OpenError::Unwritable { path, .. } if *path == named), "{refusal:?}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_unchanged() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("hubbub.db");
    let text = "Dear diary, ".repeat(1_000);
    fs::write(&database, &text).expect("written");

    let refusal = refusal_to_open(folder.path()).await;

    assert!(matches!(refusal, OpenError::NotADatabase { .. }), "{refusal:?}");
    assert_eq!(fs::read_to_string(&database).expect("readable"), text);
}

#[tokio::test]
async fn a_database_of_a_newer_schema_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    SqliteStore::open(folder.path()).await.expect("the store opens").close().await;
    let options = SqliteConnectOptions::new().filename(folder.path().join("hubbub.db"));
    let mut newer = options.connect().await.expect("the database opens");
    let step = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'tomorrow', 1, x'00', 1)";
    sqlx::query(step).execute(&mut newer).await.expect("written");
    sqlx::Connection::close(newer).await.expect("closed");

    let refusal = refusal_to_open(folder.path()).await;

    assert!(matches!(refusal, OpenError::NewerSchema { version: 9999, .. }), "{refusal:?}");
    assert!(refusal.to_string().contains("newer"), "{refusal}");
}

#[tokio::test]
async fn committed_operations_are_kept_after_the_process_is_killed() {
    let (folder, copy) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let store = SqliteStore::open(folder.path()).await.expect("the store opens");
    let (kira, lobby) = (kira(&store).await, lobby(&store).await);
    changes(&store, (1..=100).map(|n| post(lobby, &kira, n, "Hi")).collect()).await;

    // Copies the files as a process that is killed at this moment leaves them.
    for name in ["hubbub.db", "hubbub.db-wal"] {
        fs::copy(folder.path().join(name), copy.path().join(name)).expect("copied");
    }

    let recovered = SqliteStore::open(copy.path()).await.expect("the store recovers");
    assert_eq!(recovered.epoch(), store.epoch());
    assert_eq!(messages_of(&recovered, lobby, &kira).await, messages_of(&store, lobby, &kira).await);
}
