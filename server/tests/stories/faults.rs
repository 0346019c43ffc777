//! A store that fails, stalls or panics: an ack is sent only for a stored message, and the server serves every other
//! request.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use hubbub::serve::ServeError;
use hubbub::store::{
    Committed, Decide, OperationError, PageQuery, RoomPage, Session, Store, StoreError, Submitted, TokenHash,
};
use hubbub_protocol::{MemberId, Refusal, RoomId, RoomInfo, Seq, ServerFrame, Slug, UnixMillis};

use crate::intercepted_store::{InterceptedStore, Interceptor};
use crate::support::http_connection::HttpConnection;
use crate::support::person::Person;
use crate::support::server::TestServer;
use crate::support::streamed_page::StreamedPage;
use crate::support::tab::Tab;
use crate::support::{LOBBY, advance_clock, bodies, fresh_id, seqs};

/// Reading the page of messages before this seq panics.
const PANIC_BEFORE: u64 = 13;
/// Looking up the room of this slug panics.
const PANIC_SLUG: &str = "panic";
/// The message of both panics.
const PANIC_MESSAGE: &str = "this test's own panic";

#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Health {
    /// Every call reaches the real store.
    Well,
    /// `commit` fails, as on a full disk.
    Full,
    /// `commit` stores the batch and never returns.
    Stalled,
    /// `commit` fails, and the store can't be trusted any more.
    Broken,
    /// `commit` stores the batch and fails, as when the connection to a database breaks at that moment.
    Unknown,
    /// `session` fails.
    Unreadable,
}

/// Makes the calls of a store fail.
struct Faults {
    /// A [`Health`].
    health: Arc<AtomicU8>,
}

#[async_trait]
impl Interceptor for Faults {
    async fn commit(
        &self,
        real: &dyn Store,
        batch: Vec<Submitted>,
        decide: Decide,
    ) -> Result<Vec<Result<Committed, OperationError>>, StoreError> {
        let health = self.health.load(Ordering::SeqCst);
        if health == Health::Full as u8 {
            return Err(StoreError::Full);
        }
        if health == Health::Broken as u8 {
            return Err(StoreError::Broken("fsync failed".to_owned()));
        }
        let outcomes = real.commit(batch, decide).await;
        if health == Health::Stalled as u8 {
            std::future::pending::<()>().await;
        }
        if health == Health::Unknown as u8 {
            return Err(StoreError::Unknown("the connection broke".into()));
        }
        outcomes
    }

    async fn page(
        &self,
        real: &dyn Store,
        room: RoomId,
        reader: MemberId,
        query: PageQuery,
    ) -> Result<Option<RoomPage>, StoreError> {
        assert_ne!(query, PageQuery::Before(Seq(PANIC_BEFORE)), "{PANIC_MESSAGE}");
        real.page(room, reader, query).await
    }

    async fn room_by_slug(&self, real: &dyn Store, slug: &Slug) -> Result<Option<RoomInfo>, StoreError> {
        assert_ne!(slug.as_str(), PANIC_SLUG, "{PANIC_MESSAGE}");
        real.room_by_slug(slug).await
    }

    async fn session(
        &self,
        real: &dyn Store,
        token: TokenHash,
        now: UnixMillis,
    ) -> Result<Option<Session>, StoreError> {
        if self.health.load(Ordering::SeqCst) == Health::Unreadable as u8 {
            return Err(StoreError::Failed("unreadable".into()));
        }
        real.session(token, now).await
    }
}

/// Starts a server over a store that is well, and returns the switch for the store's [`Health`].
async fn server_over_faults() -> (TestServer, Arc<AtomicU8>) {
    let health = Arc::new(AtomicU8::new(Health::Well as u8));
    let switch = Arc::clone(&health);
    let folder = tempfile::tempdir().expect("a folder");
    let server = TestServer::start_over(folder, &[], |real| InterceptedStore::over(real, Faults { health })).await;
    (server, switch)
}

#[tokio::test]
async fn on_a_full_disk_reads_work_and_posts_are_refused_until_there_is_room() {
    let (server, health) = server_over_faults().await;
    let mut kira = server.join("Kira").await.in_lobby().await;
    kira.posts("before").await;
    health.store(Health::Full as u8, Ordering::SeqCst);

    let id = fresh_id();
    assert_eq!(kira.posts_to(LOBBY, id, "during").await, Err(Refusal::ReadOnly));
    assert_eq!(bodies(&kira.older(LOBBY, 2).await), ["before"]);

    health.store(Health::Well as u8, Ordering::SeqCst);
    assert_eq!(kira.posts_to(LOBBY, id, "during").await, Ok(Seq(2)));
}

#[tokio::test]
async fn a_post_to_a_database_that_another_process_locks_is_refused_as_busy() {
    use sqlx::{ConnectOptions, Connection};

    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("hubbub.db");
    let server = TestServer::start_on(folder, &[]).await;
    let mut kira = server.join("Kira").await.in_lobby().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(database);
    let mut shell = options.connect().await.expect("it opens");
    sqlx::query("BEGIN IMMEDIATE").execute(&mut shell).await.expect("the lock is free");

    let id = fresh_id();
    assert_eq!(kira.posts_to(LOBBY, id, "Hi humans!").await, Err(Refusal::Busy));

    shell.close().await.expect("it closes");
    assert_eq!(kira.posts_to(LOBBY, id, "Hi humans!").await, Ok(Seq(1)));
}

/// A browser without script requests the page again when the response ends, so the refusal ends late.
#[tokio::test]
async fn a_page_whose_store_fails_says_so_and_ends_after_20_seconds() {
    let (server, health) = server_over_faults().await;
    let kira = server.join("Kira").await;
    health.store(Health::Unreadable as u8, Ordering::SeqCst);
    let mut page = StreamedPage::of(kira.get("/rooms/lobby/live")).await;
    assert_eq!((page.status, page.header("x-frame-options")), (500, "SAMEORIGIN"));
    page.shows("</html>").await;
    let since = tokio::time::Instant::now();
    advance_clock(15).await;
    page.text_so_far(&server).await;
    advance_clock(6).await;
    page.ended().await;
    assert!(since.elapsed() < Duration::from_secs(25), "it ended after {:?}", since.elapsed());
}

#[tokio::test]
async fn a_post_whose_commit_stalls_has_an_unknown_outcome_until_it_is_sent_again() {
    let (mut server, health) = server_over_faults().await;
    let kira = server.join("Kira").await;
    let mut socket = kira.in_lobby().await;
    health.store(Health::Stalled as u8, Ordering::SeqCst);

    let id = fresh_id();
    assert_eq!(socket.posts_to(LOBBY, id, "Hi?").await, Err(Refusal::UnknownOutcome));
    assert_eq!(bodies(&socket.older(LOBBY, 2).await), ["Hi?"], "the message is stored, and reads work");
    assert!(!socket.has_changes_of(LOBBY));

    // The commit never returns, and the server stops without it. The store is left as after a crash.
    let stalled = Arc::clone(&server.store);
    server.tell_to_stop();
    let (folder, outcome) = server.stopped().await;
    outcome.expect("it was told to stop");
    stalled.close().await;
    let next = TestServer::start_on(folder, &[]).await;
    let kira = Person { site: *next, ..kira };
    assert_eq!(kira.in_lobby().await.posts_to(LOBBY, id, "Hi?").await, Ok(Seq(1)));
}

#[tokio::test]
async fn after_a_commit_of_unknown_outcome_the_server_goes_on_and_the_same_id_tells() {
    let (server, health) = server_over_faults().await;
    let mut kira = server.join("Kira").await.in_lobby().await;
    health.store(Health::Unknown as u8, Ordering::SeqCst);
    let id = fresh_id();
    assert_eq!(kira.posts_to(LOBBY, id, "Hi?").await, Err(Refusal::UnknownOutcome));

    health.store(Health::Well as u8, Ordering::SeqCst);
    assert_eq!(kira.posts("next").await, Seq(2));
    assert_eq!(kira.posts_to(LOBBY, id, "Hi?").await, Ok(Seq(1)), "it was stored");
    let mut jonas = server.join("Jonas").await.in_lobby().await;
    assert_eq!(bodies(&jonas.older(LOBBY, 9).await), ["Hi?", "next"]);
}

#[tokio::test]
async fn a_broken_store_stops_the_server_and_acks_nothing() {
    let (server, health) = server_over_faults().await;
    let mut kira = server.join("Kira").await.in_lobby().await;
    health.store(Health::Broken as u8, Ordering::SeqCst);

    assert_eq!(kira.posts_to(LOBBY, fresh_id(), "Hi?").await, Err(Refusal::UnknownOutcome));
    kira.bye().await;
    kira.ended().await;
    let (_, outcome) = server.stopped().await;
    assert!(matches!(outcome, Err(ServeError::StoreBroken(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_panic_in_the_task_of_a_websocket_closes_only_that_websocket() {
    let (server, _) = server_over_faults().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let (mut at_kira, mut at_jonas) = (kira.in_lobby().await, jonas.in_lobby().await);
    at_jonas.sees_present(LOBBY, &["Jonas", "Kira"]).await;

    at_kira.say_text(&format!(r#"{{"query":{{"room":1,"query":{{"before":{PANIC_BEFORE}}}}}}}"#)).await;
    at_kira.ended().await;

    at_jonas.sees_present(LOBBY, &["Jonas"]).await;
    at_jonas.posts("still here").await;
    let (mut back, answer) = kira.following(LOBBY, None).await;
    assert!(matches!(answer, ServerFrame::Page { page, .. } if seqs(&page.messages) == [1]));
    assert_eq!(back.posts("me too").await, Seq(2));
}

#[tokio::test]
async fn a_panic_over_the_frame_of_a_polling_tab_is_answered_with_500_and_the_connection_stays_open() {
    let (server, _) = server_over_faults().await;
    let tab = Tab::in_lobby(&server.join("Kira").await).await;
    let mut connection = HttpConnection::open(server.address).await;
    let panics = format!(r#"{{"query":{{"room":1,"query":{{"before":{PANIC_BEFORE}}}}}}}"#);
    let answer = connection.send(tab.say_request(&panics).without("connection")).await;
    assert_eq!((answer.status, answer.header("x-content-type-options")), (500, "nosniff"));
    assert!(!answer.body.contains(PANIC_MESSAGE), "{answer:?}");
    assert_eq!(connection.send(tab.say_request(r#""ping""#)).await.status, 200);
}

#[tokio::test]
async fn a_panic_in_a_request_is_answered_with_500_and_without_its_message() {
    let (server, _) = server_over_faults().await;
    let kira = server.join("Kira").await;
    let answer = kira.post(&format!("/rooms/{PANIC_SLUG}/messages"), &[("body", "x")]).send().await;
    assert_eq!(answer.status, 500);
    assert!(!answer.body.contains(PANIC_MESSAGE), "{answer:?}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(kira.in_lobby().await.posts("still here").await, Seq(1));
}
