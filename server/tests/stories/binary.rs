//! The binary as it is installed: its settings, its errors at the start, its files, and its exit.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use hubbub_protocol::{Seq, ServerFrame};

use crate::support::binary::Binary;
use crate::support::person::Person;
use crate::support::socket::Ended;
use crate::support::{LOBBY, bodies};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

/// Standard error mentions all of this, and the exit code is 2.
fn assert_refused(output: &Output, mentions: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(mentions.iter().all(|mention| said.contains(mention)), "{mentions:?} in {said}");
    assert!(!said.contains("panicked") && !said.contains("Os {"), "{said}");
}

#[test]
fn help_names_every_setting_with_its_variable_and_its_default() {
    let output = Binary::run(folder().path(), &["--help"]);
    let help = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success());
    for (setting, variable, default) in [
        ("--listen", "HUBBUB_LISTEN", "[default: 127.0.0.1:3000]"),
        ("--data", "HUBBUB_DATA", "[default: ./data]"),
        ("--public-origin", "HUBBUB_PUBLIC_ORIGIN", ""),
        ("--trusted-proxy", "HUBBUB_TRUSTED_PROXIES", ""),
        ("--session-days", "HUBBUB_SESSION_DAYS", "[default: 30]"),
        ("--posts-per-minute", "HUBBUB_POSTS_PER_MINUTE", "[default: 100]"),
        ("--reads-per-minute", "HUBBUB_READS_PER_MINUTE", "[default: 300]"),
        ("--polls-per-minute", "HUBBUB_POLLS_PER_MINUTE", "[default: 3000]"),
        ("--people-per-address", "HUBBUB_PEOPLE_PER_ADDRESS", "[default: 10]"),
        ("--sessions-per-address", "HUBBUB_SESSIONS_PER_ADDRESS", "[default: 100]"),
        ("--sockets-per-person", "HUBBUB_SOCKETS_PER_PERSON", "[default: 10]"),
        ("--sockets-per-address", "HUBBUB_SOCKETS_PER_ADDRESS", "[default: 50]"),
        ("--log", "HUBBUB_LOG", "[default: info]"),
        ("--log-format", "HUBBUB_LOG_FORMAT", "[default: text]"),
    ] {
        let about = help.split(&format!("{setting} <")).nth(1).unwrap_or_else(|| panic!("{setting} in {help}"));
        let about = about.split("\n      --").next().unwrap_or_default();
        assert!(about.contains(variable) && about.contains(default), "{setting}: {about}");
    }
}

#[test]
fn a_bad_value_is_named_with_what_is_wrong_about_it() {
    for (setting, value) in [
        ("--listen", "nowhere"),
        ("--listen", "127.0.0.1:99999"),
        ("--public-origin", "chat.example.org"),
        ("--public-origin", "https://chat.example.org/path"),
        ("--trusted-proxy", "proxy"),
        ("--session-days", "0"),
        ("--posts-per-minute", "many"),
        ("--log-format", "xml"),
    ] {
        assert_refused(&Binary::run(folder().path(), &[setting, value]), &[setting, value]);
    }
    assert_refused(&Binary::run(folder().path(), &["--log", "hubbub=loud"]), &["hubbub=loud", "filter"]);
    assert_refused(&Binary::run(folder().path(), &["--unheard-of"]), &["--unheard-of"]);
}

#[tokio::test]
async fn a_port_or_a_folder_that_another_server_has_is_named() {
    let data = folder();
    let first = Binary::start(data.path(), &[]).await;
    let address = first.address.to_string();

    let port_taken = Binary::run(folder().path(), &["--listen", &address]);
    assert_refused(&port_taken, &[&address, "in use"]);
    assert_eq!(String::from_utf8_lossy(&port_taken.stderr).trim_end().lines().count(), 1);
    let folder_taken = Binary::run(data.path(), &[]);
    assert_refused(&folder_taken, &[&data.path().display().to_string(), "in use"]);
    assert_eq!(String::from_utf8_lossy(&folder_taken.stderr).trim_end().lines().count(), 1);

    assert_eq!(first.join("Kira").await.in_lobby().await.posts("undisturbed").await, Seq(1));
}

#[test]
fn a_folder_that_can_not_be_written_is_named() {
    let data = folder();
    let file = data.path().join("a file");
    std::fs::write(&file, "not a folder").expect("it is written");
    for path in [file.join("data"), file, "/proc/hubbub".into()] {
        let output = Binary::run(&path, &[]);
        assert_refused(&output, &[&path.display().to_string()]);
        assert_eq!(String::from_utf8_lossy(&output.stderr).trim_end().lines().count(), 1);
    }
}

#[test]
fn a_file_that_is_no_database_is_named_and_left_as_it_is() {
    let data = folder();
    let database = data.path().join("hubbub.db");
    let content = "dear diary\n".repeat(100);
    std::fs::write(&database, &content).expect("it is written");
    assert_refused(&Binary::run(data.path(), &[]), &["hubbub.db", "not a database"]);
    assert_eq!(std::fs::read_to_string(&database).expect("it is there"), content);
}

#[tokio::test]
async fn a_folder_that_others_may_enter_is_named_in_the_log() {
    let data = folder();
    std::fs::write(data.path().join("holiday.jpg"), "sun").expect("it is written");
    for (mode, n_warnings) in [(0o755, 1), (0o750, 1), (0o700, 0)] {
        std::fs::set_permissions(data.path(), std::fs::Permissions::from_mode(mode)).expect("the mode is set");
        let server = Binary::start(data.path(), &[]).await;
        server.terminate();
        let (_, log) = server.ended().await;
        let warnings = log.iter().filter(|line| line.contains("WARN") && line.contains("chmod 700"));
        assert_eq!(warnings.count(), n_warnings, "{mode:o}: {log:?}");
    }
}

#[tokio::test]
async fn its_folder_and_files_are_for_its_owner_alone() {
    let parent = folder();
    let data = parent.path().join("not/there/yet");
    let server = Binary::start(&data, &[]).await;
    server.join("Kira").await.in_lobby().await.posts("Hi humans!").await;

    assert_eq!(mode(&data), 0o700);
    let files: Vec<_> =
        std::fs::read_dir(&data).expect("the folder").map(|file| file.expect("a file").path()).collect();
    assert!(files.iter().any(|file| file.ends_with("hubbub.db")), "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[tokio::test]
async fn sigterm_closes_every_socket_and_keeps_every_message() {
    let data = folder();
    let server = Binary::start(data.path(), &[]).await;
    let kira = server.join("Kira").await;
    let mut sockets = Vec::new();
    for _ in 0..10 {
        sockets.push(kira.in_lobby().await);
    }
    sockets[0].posts("Hi humans!").await;

    server.terminate();
    for socket in &mut sockets {
        assert!(socket.bye().await.0 <= 10_000);
        assert_eq!(socket.ended().await, Ended(Some(1012)), "the close code is not lost in the process's end");
    }
    let (status, _) = server.ended().await;
    assert_eq!(status.code(), Some(0));

    let server = Binary::start(data.path(), &[]).await;
    let kira = Person { site: *server, ..kira };
    let (_, answer) = kira.following(LOBBY, None).await;
    let ServerFrame::Page { page, .. } = answer else { panic!("{answer:?}") };
    assert_eq!(bodies(&page.messages), ["Hi humans!"]);
}

#[tokio::test]
async fn sigterm_without_connections_exits_with_0_and_the_log_is_json() {
    let data = folder();
    let server = Binary::start(data.path(), &["--log-format", "json"]).await;
    server.terminate();
    let (status, log) = server.ended().await;
    assert_eq!(status.code(), Some(0));
    for line in log {
        serde_json::from_str::<serde_json::Value>(&line).unwrap_or_else(|_| panic!("one JSON object a line: {line}"));
    }
}
