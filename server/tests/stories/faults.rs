//! A store that is full, stalled, broken or panics: no ack is false, and the rest of the server goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use hubbub::serve::ServeError;
use hubbub::store::{AppendError, Appended, Draft, Session, Store, StoreError, TokenHash};
use hubbub_protocol::{Event, Refusal, RoomId, RoomInfo, Seq, ServerFrame, Slug, UnixMillis};

use crate::intercepted_store::{InterceptedStore, Interceptor};
use crate::support::line::Line;
use crate::support::markup::Markup;
use crate::support::person::Person;
use crate::support::server::TestServer;
use crate::support::tab::Tab;
use crate::support::{LOBBY, advance_clock, bodies, fresh_id, seqs};

/// Reading the page before this seq panics.
const POISON: u64 = 13;

#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Health {
    Well,
    Full,
    /// It stores the batch, and never returns.
    Stalled,
    Broken,
    /// Looking up a session fails.
    Unreadable,
}

/// Makes the calls of a store fail as its health says.
struct Faults {
    health: Arc<AtomicU8>,
}

#[async_trait]
impl Interceptor for Faults {
    async fn append(
        &self,
        real: &dyn Store,
        batch: Vec<Draft>,
    ) -> Result<Vec<Result<Appended, AppendError>>, StoreError> {
        let health = self.health.load(Ordering::SeqCst);
        if health == Health::Full as u8 {
            return Err(StoreError::Full);
        }
        if health == Health::Broken as u8 {
            return Err(StoreError::Broken("fsync failed".to_owned()));
        }
        let answers = real.append(batch).await;
        if health == Health::Stalled as u8 {
            std::future::pending::<()>().await;
        }
        answers
    }

    async fn events_before(
        &self,
        real: &dyn Store,
        room: RoomId,
        before: Seq,
        limit: usize,
    ) -> Result<Vec<Event>, StoreError> {
        assert_ne!(before, Seq(POISON), "this test's own panic");
        real.events_before(room, before, limit).await
    }

    async fn room_by_slug(&self, real: &dyn Store, slug: &Slug) -> Result<Option<RoomInfo>, StoreError> {
        assert_ne!(slug.as_str(), "poison", "this test's own panic");
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

async fn server_over_faults() -> (TestServer, Arc<AtomicU8>) {
    let health = Arc::new(AtomicU8::new(Health::Well as u8));
    let switch = Arc::clone(&health);
    let folder = tempfile::tempdir().expect("a folder");
    let server = TestServer::start_over(folder, &[], |real| InterceptedStore::over(real, Faults { health })).await;
    (server, switch)
}

#[tokio::test]
async fn a_full_disk_can_be_read_and_takes_posts_again_once_there_is_room() {
    let (server, health) = server_over_faults().await;
    let mut kira = server.join("Kira").await.in_lobby().await;
    kira.posts("before").await;
    health.store(Health::Full as u8, Ordering::SeqCst);

    let id = fresh_id();
    assert_eq!(kira.posts_to(LOBBY, id, "during").await, Err(Refusal::ReadOnly));
    assert_eq!(bodies(&kira.history(LOBBY, 2).await), ["before"]);

    health.store(Health::Well as u8, Ordering::SeqCst);
    assert_eq!(kira.posts_to(LOBBY, id, "during").await, Ok(Seq(2)));
}

#[tokio::test]
async fn a_database_that_another_process_locks_is_busy() {
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

/// A browser without script asks again as soon as this has ended.
#[tokio::test]
async fn a_log_that_the_store_can_not_give_is_refused_in_words_that_stay_for_a_while() {
    let (server, health) = server_over_faults().await;
    let kira = server.join("Kira").await;
    health.store(Health::Unreadable as u8, Ordering::SeqCst);
    let mut page = Markup::of(kira.get("/rooms/lobby/live")).await;
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
async fn a_store_that_does_not_answer_leaves_the_outcome_unknown_and_sending_again_tells() {
    let (mut server, health) = server_over_faults().await;
    let kira = server.join("Kira").await;
    let mut socket = kira.in_lobby().await;
    health.store(Health::Stalled as u8, Ordering::SeqCst);

    let id = fresh_id();
    assert_eq!(socket.posts_to(LOBBY, id, "Hi?").await, Err(Refusal::UnknownOutcome));
    assert_eq!(bodies(&socket.history(LOBBY, 2).await), ["Hi?"], "it was stored; reading goes on");
    assert!(!socket.has_events_of(LOBBY));

    // The commit never returns, and the server exits anyway. The store is left as after a crash.
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
async fn a_commit_that_may_have_failed_on_the_disk_stops_the_server_and_is_not_acked() {
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
async fn a_panic_costs_the_connection_in_which_it_happens_and_no_other() {
    let (server, _) = server_over_faults().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let (mut at_kira, mut at_jonas) = (kira.in_lobby().await, jonas.in_lobby().await);
    at_jonas.sees_present(LOBBY, &["Jonas", "Kira"]).await;

    at_kira.say_text(&format!(r#"{{"history":{{"room":1,"before":{POISON}}}}}"#)).await;
    at_kira.ended().await;

    at_jonas.sees_present(LOBBY, &["Jonas"]).await;
    at_jonas.posts("still here").await;
    let (mut back, answer) = kira.following(LOBBY, None).await;
    assert!(matches!(answer, ServerFrame::Snapshot { events, .. } if seqs(&events) == [1]));
    assert_eq!(back.posts("me too").await, Seq(2));
}

#[tokio::test]
async fn a_panic_in_what_a_tab_says_is_answered_with_500_and_its_connection_goes_on() {
    let (server, _) = server_over_faults().await;
    let tab = Tab::in_lobby(&server.join("Kira").await).await;
    let mut line = Line::open(server.address).await;
    let poison = format!(r#"{{"history":{{"room":1,"before":{POISON}}}}}"#);
    let answer = line.send(tab.saying(&poison).without("connection")).await;
    assert_eq!((answer.status, answer.header("x-content-type-options")), (500, "nosniff"));
    assert!(!answer.body.contains("own panic"), "{answer:?}");
    assert_eq!(line.send(tab.saying(r#""ping""#)).await.status, 200);
}

#[tokio::test]
async fn a_panic_in_a_request_is_answered_with_500_and_nothing_of_why() {
    let (server, _) = server_over_faults().await;
    let kira = server.join("Kira").await;
    let answer = kira.post("/rooms/poison/messages", &[("body", "x")]).send().await;
    assert_eq!(answer.status, 500);
    assert!(!answer.body.contains("own panic"), "{answer:?}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(kira.in_lobby().await.posts("still here").await, Seq(1));
}
