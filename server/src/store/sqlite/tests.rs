//! Tests of failures that a test outside the crate can't cause: a full disk, a failed fsync, a write that panics.

use std::sync::Arc;

use futures_util::FutureExt;
use hubbub_protocol::text::{Body, DisplayName};
use hubbub_protocol::{Member, OpId, Refusal, RoomId, Seq, UnixMillis, What};
use tempfile::TempDir;
use tokio::sync::Notify;

use super::SqliteStore;
use super::errors::tests::sqlite_error;
use crate::store::{Committed, Intent, NewSession, OperationError, Situation, Store, StoreError, Submitted, TokenHash};

const LOBBY: RoomId = RoomId(1);
const NOW: UnixMillis = UnixMillis(1_760_000_000_000);
const SQLITE_IOERR_FSYNC: i32 = 1034;

async fn store_with_kira() -> (TempDir, SqliteStore, Member) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = SqliteStore::open(folder.path()).await.expect("the store opens");
    let name = DisplayName::parse("Kira").expect("a name");
    let expires_at = UnixMillis(NOW.0 + 1);
    let kira = store.start_session(NewSession { name, token: TokenHash([1; 32]), at: NOW, expires_at }).await;
    (folder, store, kira.expect("the name is free"))
}

fn long_message(by: &Member, n: u64) -> Submitted {
    let body = Body::parse(&"Hi humans! ".repeat(300)).expect("a body");
    let op = OpId::mint(UnixMillis(NOW.0 + n), [0; 10]);
    Submitted { room: LOBBY, op, by: by.id, at: NOW, intent: Intent::Post { body, reply_to: None } }
}

/// Lets every post through. The rules of the chat are tested there.
fn accept(submitted: &Submitted, _: &Situation<'_>) -> Result<Option<What>, Refusal> {
    let Intent::Post { body, .. } = &submitted.intent else { panic!("these tests only post") };
    Ok(Some(What::Posted { body: body.as_str().to_owned(), reply_to: None }))
}

async fn post(store: &SqliteStore, by: &Member, n: u64) -> Result<Vec<Result<Committed, OperationError>>, StoreError> {
    store.commit(vec![long_message(by, n)], accept).await
}

async fn head(store: &SqliteStore) -> Option<Seq> {
    store.head(LOBBY).await.expect("reads still work")
}

/// Limits the size of the database, as a full disk does.
async fn limit_pages(store: &SqliteStore, n_pages: u32) {
    let sql = format!("PRAGMA max_page_count = {n_pages}");
    let limited = store.writer.write(move |connection| {
        Box::pin(async move { sqlx::query(sqlx::AssertSqlSafe(sql)).execute(connection).await.map(drop) })
    });
    limited.await.expect("the limit is set");
}

#[tokio::test]
async fn a_full_disk_refuses_writes_but_not_reads_until_space_is_free_again() {
    let (_folder, store, kira) = store_with_kira().await;
    limit_pages(&store, 60).await;

    let mut n_stored = 0;
    let refusal = loop {
        match post(&store, &kira, n_stored).await {
            Ok(_) => n_stored += 1,
            Err(error) => break error,
        }
        assert!(n_stored < 1_000, "1,000 messages fit below the limit");
    };
    assert!(matches!(refusal, StoreError::Full), "{refusal:?}");
    assert!(n_stored > 10);

    let again = post(&store, &kira, n_stored).await;
    assert!(matches!(again, Err(StoreError::Full)), "{again:?}");
    assert_eq!(head(&store).await, Some(Seq(n_stored)));
    let changed = store.changed_after(LOBBY, kira.id, Seq(0), 1_000).await.expect("reads still work");
    let messages = changed.and_then(|changed| changed.messages).expect("the lobby has not too many");
    assert_eq!(messages.len() as u64, n_stored);

    limit_pages(&store, 1_000_000).await;
    post(&store, &kira, n_stored).await.expect("space is free again");
    assert_eq!(head(&store).await, Some(Seq(n_stored + 1)));
}

#[tokio::test]
async fn after_a_failed_fsync_writes_are_refused_and_reads_still_work() {
    let (_folder, store, kira) = store_with_kira().await;
    let broken = store.writer.write(|_| Box::pin(async { Err::<(), _>(sqlite_error(SQLITE_IOERR_FSYNC)) })).await;
    assert!(matches!(broken, Err(StoreError::Broken(_))), "{broken:?}");

    let refused = post(&store, &kira, 1).await;

    assert!(matches!(refused, Err(StoreError::Broken(_))), "{refused:?}");
    assert!(matches!(store.check().await, Err(StoreError::Broken(_))));
    assert_eq!(head(&store).await, Some(Seq(0)));
}

#[tokio::test]
async fn a_write_that_panics_is_rolled_back_and_later_writes_succeed() {
    let (_folder, store, kira) = store_with_kira().await;
    let panicked = store.writer.write(|connection| {
        Box::pin(async move {
            sqlx::query("UPDATE stream SET head = 99").execute(connection).await?;
            panic!("this test's own panic")
        })
    });
    let panicked: Result<(), StoreError> = panicked.await;
    assert!(matches!(panicked, Err(StoreError::Failed(_))), "{panicked:?}");

    post(&store, &kira, 1).await.expect("the next write is stored");

    assert_eq!(head(&store).await, Some(Seq(1)));
}

#[tokio::test]
async fn seqs_continue_after_changes_of_other_writers() {
    let (_folder, store, kira) = store_with_kira().await;
    post(&store, &kira, 1).await.expect("it is stored");
    let other = store.writer.write(|connection| {
        Box::pin(async move { sqlx::query("UPDATE stream SET head = 7").execute(connection).await.map(drop) })
    });
    other.await.expect("another writer takes six seqs");

    let committed = post(&store, &kira, 2).await.expect("it is stored");

    assert!(matches!(&committed[0], Ok(Committed::Now(change)) if change.seq == Seq(8)), "{committed:?}");
    assert_eq!(head(&store).await, Some(Seq(8)));
}

#[tokio::test]
async fn waiting_writes_are_bounded_and_do_not_count_against_posts() {
    let (_folder, store, kira) = store_with_kira().await;
    let gate = Arc::new(Notify::new());
    let opened = Arc::clone(&gate);
    let holds = store.writer.write(move |_| {
        Box::pin(async move {
            opened.notified().await;
            Ok(())
        })
    });
    // `now_or_never` drops the future of the write. The write itself continues, and holds the connection.
    assert!(holds.now_or_never().is_none());
    let mut n_waiting = 1;
    let refusal = loop {
        match store.writer.write(|_| Box::pin(async { Ok(()) })).now_or_never() {
            None => n_waiting += 1,
            Some(refused) => break refused,
        }
        assert!(n_waiting < 10_000, "the number of waiting writes is not bounded");
    };
    assert!(matches!(refusal, Err(StoreError::Busy)), "{refusal:?}");

    gate.notify_one();
    post(&store, &kira, 1).await.expect("posts don't count as waiting writes");
    store.check().await.expect("the queue has space again");
}
