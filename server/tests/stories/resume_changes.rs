//! A client that comes back after edits, deletions and reactions gets the rows that changed, in their current state, once;
//! and a client that has everything costs no query.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use hubbub::store::{ChangedRows, PageQuery, RoomPage, Store, StoreError};
use hubbub_protocol::{Cursor, MemberId, MessageId, Operation, PageReason, RoomId, Seq, ServerFrame};

use crate::intercepted_store::{InterceptedStore, Interceptor};
use crate::support::person::Person;
use crate::support::server::TestServer;
use crate::support::{LOBBY, bodies, fresh_id, resumed, seqs};

const NO_LIMIT: [&str; 6] = ["--posts-per-minute", "0", "--changes-per-minute", "0", "--reads-per-minute", "0"];

fn at(server: &TestServer, seq: u64) -> Option<Cursor> {
    Some(Cursor { epoch: server.store.epoch(), seq: Seq(seq) })
}

/// Returns a server with `n` posts of Kira's in the lobby, and the ids of the posts.
async fn server_with_posts(n: usize) -> (TestServer, Person, Vec<MessageId>) {
    let server = TestServer::start_with(&NO_LIMIT).await;
    let kira = server.join("Kira").await;
    let mut socket = kira.in_lobby().await;
    let ids: Vec<MessageId> = (0..n).map(|_| fresh_id()).collect();
    for (id, n) in ids.iter().zip(1..) {
        socket.say(&crate::support::post(LOBBY, *id, &n.to_string())).await;
    }
    for id in &ids {
        socket.outcome(*id).await.expect("an ack");
    }
    (server, kira, ids)
}

fn edit(message: MessageId, body: &str) -> Operation {
    Operation::Edit { message, body: body.to_owned() }
}

#[tokio::test]
async fn rows_that_changed_come_once_in_their_current_state() {
    let (server, kira, ids) = server_with_posts(5).await;
    let mut socket = kira.in_lobby().await;
    socket.operates(edit(ids[0], "one")).await.expect("an ack");
    socket.operates(edit(ids[0], "ONE")).await.expect("an ack");
    socket.operates(Operation::Delete { message: ids[3] }).await.expect("an ack");
    let react = Operation::React { message: ids[1], emoji: "🎉".to_owned(), on: true };
    socket.operates(react).await.expect("an ack");
    let reply = Operation::Post { body: "an answer".to_owned(), reply_to: Some(ids[2]) };
    socket.operates(reply).await.expect("an ack");

    let (mut back, answer) = kira.following(LOBBY, at(&server, 5)).await;
    assert_eq!(answer, resumed(5, 10, 5));
    let mut rows = back.rows(LOBBY);
    rows.sort_by_key(|row| row.seq);
    assert_eq!((seqs(&rows), bodies(&rows)), (vec![1, 2, 3, 4, 10], vec!["ONE", "2", "3", "", "an answer"]));
    assert_eq!((rows[1].reactions.len(), rows[2].replies, rows[3].is_deleted()), (1, 1, true));
    socket.operates(edit(ids[4], "five")).await.expect("an ack");
    assert_eq!(seqs(&back.changes(LOBBY, 1).await), [11], "and then live changes, without a gap");
}

#[tokio::test]
async fn own_reactions_and_the_state_of_the_room_come_with_the_rows() {
    let (server, kira, ids) = server_with_posts(2).await;
    let mut socket = kira.in_lobby().await;
    let react = Operation::React { message: ids[1], emoji: "🎉".to_owned(), on: true };
    socket.operates(react).await.expect("an ack");
    socket.operates(Operation::Pin { message: ids[0], on: true }).await.expect("an ack");
    let (mut back, answer) = kira.following(LOBBY, at(&server, 2)).await;
    let ServerFrame::Resumed { to: Seq(4), state: Some(state), .. } = answer else { panic!("{answer:?}") };
    assert_eq!(state.pins, [ids[0]]);
    let mine = back.find("rows", |frame| match frame {
        ServerFrame::Rows { mine, .. } => Some(mine.clone()),
        _ => None,
    });
    assert_eq!(mine.await.iter().map(|own| own.message).collect::<Vec<_>>(), [ids[1]]);
    let (_, answer) = kira.following(LOBBY, at(&server, 4)).await;
    assert_eq!(answer, resumed(4, 4, 0));
}

#[tokio::test]
async fn more_than_500_changed_rows_are_answered_with_the_newest_page() {
    let (server, kira, ids) = server_with_posts(501).await;
    let mut socket = kira.in_lobby().await;
    for id in &ids {
        socket.say(&crate::support::operation(LOBBY, fresh_id(), edit(*id, "edited"))).await;
    }
    socket.operates(edit(ids[0], "edited twice")).await.expect("an ack");
    let (mut near, answer) = kira.following(LOBBY, at(&server, 503)).await;
    assert!(matches!(answer, ServerFrame::Resumed { to: Seq(1_003), n_rows: 500, .. }), "{answer:?}");
    assert_eq!(near.rows(LOBBY).len(), 500);
    let (_, answer) = kira.following(LOBBY, at(&server, 502)).await;
    let ServerFrame::Page { reason: PageReason::Gap, page, .. } = answer else { panic!("{answer:?}") };
    assert_eq!((page.as_of, page.messages.len(), page.older), (Seq(1_003), 50, true));
}

/// Counts the queries for pages and changed rows.
struct Counted(Arc<AtomicUsize>);

#[async_trait]
impl Interceptor for Counted {
    async fn page(
        &self,
        real: &dyn Store,
        room: RoomId,
        reader: MemberId,
        query: PageQuery,
    ) -> Result<Option<RoomPage>, StoreError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        real.page(room, reader, query).await
    }

    async fn changed_after(
        &self,
        real: &dyn Store,
        room: RoomId,
        reader: MemberId,
        after: Seq,
        limit: usize,
    ) -> Result<Option<ChangedRows>, StoreError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        real.changed_after(room, reader, after, limit).await
    }
}

#[tokio::test]
async fn a_cursor_at_the_head_costs_no_query() {
    let n_queries = Arc::new(AtomicUsize::new(0));
    let counted = Counted(Arc::clone(&n_queries));
    let folder = tempfile::tempdir().expect("a folder");
    let server = TestServer::start_over(folder, &[], |real| InterceptedStore::over(real, counted)).await;
    let kira = server.join("Kira").await;
    let mut stays = kira.in_lobby().await;
    let posted = stays.posts("Hi").await;
    stays.changes(LOBBY, 1).await;

    let before = n_queries.load(Ordering::SeqCst);
    for _ in 0..20 {
        let (_, answer) = kira.following(LOBBY, at(&server, posted.0)).await;
        assert_eq!(answer, resumed(posted.0, posted.0, 0));
    }
    assert_eq!(n_queries.load(Ordering::SeqCst) - before, 0);
    kira.following(LOBBY, at(&server, 0)).await;
    assert_eq!(n_queries.load(Ordering::SeqCst) - before, 1, "a cursor behind the head is one query");
}
