//! A client that stops reading: the others don't notice, the server and its kernel hold little for the client, and the
//! client resumes later.

use std::time::{Duration, Instant};

use hubbub_protocol::{Cursor, Seq, ServerFrame};

use crate::support::server::TestServer;
use crate::support::socket::Socket;
use crate::support::{LOBBY, bodies, seqs};

/// Together 1.9 MB, which is more than both ends' TCP buffers hold (256 KB to send, 32 KB for this reader to receive).
const LONG_POSTS: u64 = 120;
/// Posts of which the author waits for the acks before the next.
const POSTS_AT_ONCE: u64 = 20;
/// What may be on its way to a client that takes nothing: 60 of them then hold 30 MB.
const MOST_BYTES_ON_THEIR_WAY: usize = 500_000;
/// From when the server counts, and what it may take to get there and to close.
const CLOSED_WITHIN: Duration = Duration::from_secs(20);

async fn posts_long_ones(author: &mut Socket, reader: &mut Socket) {
    for _ in 0..LONG_POSTS / POSTS_AT_ONCE {
        author.posts_all((0..POSTS_AT_ONCE).map(|_| "😀".repeat(4_000))).await;
        assert_eq!(reader.changes(LOBBY, 20).await.len(), 20, "the others read on");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_never_reads_delays_nobody_is_closed_and_resumes_without_a_gap() {
    let server = TestServer::start_with(&["--posts-per-minute", "0"]).await;
    let (kira, jonas, mio) = (server.join("Kira").await, server.join("Jonas").await, server.join("Mio").await);
    let (mut kira, mut stuck, mut mio) = (kira.in_lobby().await, jonas.in_lobby().await, mio.in_lobby().await);
    mio.sees_present(LOBBY, &["Jonas", "Kira", "Mio"]).await;

    posts_long_ones(&mut kira, &mut mio).await;
    let since = Instant::now();
    mio.sees_present(LOBBY, &["Kira", "Mio"]).await;
    assert!(since.elapsed() < CLOSED_WITHIN, "it took {:?}", since.elapsed());

    // What was on its way is still there to be read, and after it nothing.
    let (mut read, mut n_bytes) = (Vec::new(), 0);
    while let Ok(frame) = stuck.read().await {
        if let ServerFrame::Changes { changes, .. } = frame {
            n_bytes += bodies(&changes).iter().map(|body| body.len()).sum::<usize>();
            read.extend(changes);
        }
    }
    assert!(n_bytes <= MOST_BYTES_ON_THEIR_WAY, "the kernel held {n_bytes} bytes");
    let cursor = read.last().expect("something was on its way").seq;
    assert!(cursor < Seq(LONG_POSTS));
    assert_eq!(seqs(&read), (1..=cursor.0).collect::<Vec<_>>());
    kira.posts_all(["a little later".to_owned()]).await;
    let (mut back, answer) = jonas.following(LOBBY, Some(Cursor { epoch: server.store.epoch(), seq: cursor })).await;
    assert!(matches!(answer, ServerFrame::Resumed { .. }), "{answer:?}");
    assert_eq!(seqs(&back.rows(LOBBY)), (cursor.0 + 1..=LONG_POSTS + 1).collect::<Vec<_>>());
}
