//! A client that reconnects with a cursor gets exactly the rows that changed after the cursor, or a page to start over from.

use hubbub_protocol::{Cursor, Epoch, Message, PageReason, Seq, ServerFrame};

use crate::support::person::Person;
use crate::support::server::TestServer;
use crate::support::{LOBBY, bodies, resumed, seqs};

fn at(server: &TestServer, seq: u64) -> Option<Cursor> {
    Some(Cursor { epoch: server.store.epoch(), seq: Seq(seq) })
}

async fn server_with_posts(n: u64) -> (TestServer, Person) {
    let server = TestServer::start_with(&["--posts-per-minute", "0"]).await;
    let kira = server.join("Kira").await;
    kira.in_lobby().await.posts_all((1..=n).map(|n| n.to_string())).await;
    (server, kira)
}

fn page(frame: ServerFrame) -> (PageReason, u64, Vec<Message>) {
    match frame {
        ServerFrame::Page { reason, page, .. } => (reason, page.as_of.0, page.messages),
        other => panic!("expected a page, got {other:?}"),
    }
}

#[tokio::test]
async fn resuming_sends_the_messages_after_the_cursor_and_then_new_ones() {
    let (server, kira) = server_with_posts(13).await;

    let (mut back, answer) = server.join("Jonas").await.following(LOBBY, at(&server, 3)).await;
    assert_eq!(answer, resumed(3, 13, 10));
    assert_eq!(seqs(&back.rows(LOBBY)), (4..=13).collect::<Vec<_>>());
    kira.in_lobby().await.posts("new").await;
    assert_eq!(bodies(&back.changes(LOBBY, 1).await), ["new"]);
}

#[tokio::test]
async fn a_client_that_is_up_to_date_gets_no_rows() {
    let (server, kira) = server_with_posts(5).await;
    let (mut back, answer) = kira.following(LOBBY, at(&server, 5)).await;
    assert_eq!((answer, back.rows(LOBBY)), (resumed(5, 5, 0), vec![]));
    assert_eq!(back.posts("six").await, Seq(6));
    assert_eq!(seqs(&back.changes(LOBBY, 1).await), [6]);
}

#[tokio::test]
async fn a_client_that_reconnects_while_others_post_reads_each_message_once() {
    const POSTS: u64 = 600;
    let (server, kira) = server_with_posts(0).await;
    let jonas = server.join("Jonas").await;
    let talking = tokio::spawn(async move {
        let mut socket = kira.in_lobby().await;
        for batch in 0..POSTS / 10 {
            socket.posts_all((1..=10).map(|n| (batch * 10 + n).to_string())).await;
        }
    });

    let mut read: Vec<Message> = Vec::new();
    let mut n_visits = 0;
    while (read.len() as u64) < POSTS {
        let (mut visit, answer) = jonas.following(LOBBY, at(&server, read.len() as u64)).await;
        assert!(matches!(answer, ServerFrame::Resumed { .. }), "{answer:?}");
        n_visits += 1;
        read.extend(visit.rows(LOBBY));
        // Each visit reads one frame of changes, so most visits end before the client is up to date.
        if (read.len() as u64) < POSTS {
            let changes = visit.find("changes", posted).await;
            // A connection that is inside a frame of changes gets the rest of it as rows.
            read.extend(visit.rows(LOBBY));
            read.extend(changes);
        }
    }
    talking.await.expect("no panic");

    assert_eq!(seqs(&read), (1..=POSTS).collect::<Vec<_>>());
    assert_eq!(bodies(&read), (1..=POSTS).map(|n| n.to_string()).collect::<Vec<_>>());
    assert!(n_visits > 3, "the client reconnected while posts were written: {n_visits} visits");
}

fn posted(frame: &ServerFrame) -> Option<Vec<Message>> {
    match frame {
        ServerFrame::Changes { changes, .. } => Some(changes.iter().filter_map(Message::added_by).collect()),
        _ => None,
    }
}

#[tokio::test]
async fn a_client_500_rows_behind_is_resumed_and_501_behind_gets_a_gap_that_older_pages_fill() {
    let (server, kira) = server_with_posts(510).await;

    let (mut near, answer) = kira.following(LOBBY, at(&server, 10)).await;
    assert_eq!(answer, resumed(10, 510, 500));
    assert_eq!(seqs(&near.rows(LOBBY)), (11..=510).collect::<Vec<_>>());

    let (mut far, answer) = kira.following(LOBBY, at(&server, 9)).await;
    let (reason, as_of, mut filled) = page(answer);
    assert_eq!((reason, as_of, seqs(&filled)), (PageReason::Gap, 510, (461..=510).collect()));
    while filled[0].seq > Seq(11) {
        let older = far.older(LOBBY, filled[0].seq.0).await;
        filled.splice(0..0, older);
    }
    assert_eq!(seqs(&filled), (11..=510).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_cursor_of_another_epoch_is_answered_with_a_reset() {
    let (server, kira) = server_with_posts(3).await;
    let other = Epoch(server.store.epoch().0 ^ 1);
    for seq in [0, 2, 3, 99] {
        let (_, answer) = kira.following(LOBBY, Some(Cursor { epoch: other, seq: Seq(seq) })).await;
        let (reason, as_of, messages) = page(answer);
        assert_eq!((reason, as_of, seqs(&messages)), (PageReason::Reset, 3, vec![1, 2, 3]));
    }
}

#[tokio::test]
async fn a_cursor_past_the_head_is_answered_with_a_reset() {
    let (server, kira) = server_with_posts(3).await;
    for seq in [4, u64::MAX] {
        let (_, answer) = kira.following(LOBBY, at(&server, seq)).await;
        let (reason, as_of, messages) = page(answer);
        assert_eq!((reason, as_of, seqs(&messages)), (PageReason::Reset, 3, vec![1, 2, 3]));
    }
}

#[tokio::test]
async fn a_cursor_stays_valid_after_a_restart_of_the_server() {
    let (server, kira) = server_with_posts(5).await;
    let cursor = at(&server, 3);
    let server = server.restart().await;
    let kira = Person { site: *server, ..kira };
    let (mut back, answer) = kira.following(LOBBY, cursor).await;
    assert_eq!(answer, resumed(3, 5, 2));
    assert_eq!(bodies(&back.rows(LOBBY)), ["4", "5"]);
}
