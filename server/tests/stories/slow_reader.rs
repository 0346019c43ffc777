//! Someone who stops reading: the others don't notice, the server keeps nothing for them, and they resume later.

use std::time::{Duration, Instant};

use hubbub_protocol::{Cursor, Seq, ServerFrame};

use crate::support::server::TestServer;
use crate::support::{LOBBY, seqs};

/// Together more than both ends' TCP buffers hold (Linux: 4 MB to send, 16 KB for this reader to receive).
const LONG_POSTS: u64 = 600;
/// From when the server counts, and what it may take to get there and to close.
const CLOSED_WITHIN: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_never_reads_holds_nobody_up_is_closed_and_resumes_without_a_hole() {
    let server = TestServer::start_with(&["--posts-per-minute", "0"]).await;
    let (kira, jonas, mio) = (server.join("Kira").await, server.join("Jonas").await, server.join("Mio").await);
    let (mut kira, mut stuck, mut mio) = (kira.in_lobby().await, jonas.in_lobby().await, mio.in_lobby().await);
    mio.sees_present(LOBBY, &["Jonas", "Kira", "Mio"]).await;

    for _ in 0..LONG_POSTS / 20 {
        kira.posts_all((0..20).map(|_| "😀".repeat(4_000))).await;
        assert_eq!(mio.events(LOBBY, 20).await.len(), 20, "the others read on");
    }
    let since = Instant::now();
    mio.sees_present(LOBBY, &["Kira", "Mio"]).await;
    assert!(since.elapsed() < CLOSED_WITHIN, "it took {:?}", since.elapsed());

    // What was on its way is still there to be read, and after it nothing.
    let mut read = Vec::new();
    while let Ok(frame) = stuck.read().await {
        if let ServerFrame::Events { events, .. } = frame {
            read.extend(events);
        }
    }
    let cursor = read.last().expect("something was on its way").seq;
    assert!(cursor < Seq(LONG_POSTS));
    assert_eq!(seqs(&read), (1..=cursor.0).collect::<Vec<_>>());
    kira.posts_all(["a little later".to_owned()]).await;
    let n_missed = LONG_POSTS + 1 - cursor.0;
    let (mut back, answer) = jonas.following(LOBBY, Some(Cursor { epoch: server.store.epoch(), seq: cursor })).await;
    match answer {
        ServerFrame::Resumed { .. } => {
            let missed = back.events(LOBBY, usize::try_from(n_missed).expect("a few hundred")).await;
            assert_eq!(seqs(&missed), (cursor.0 + 1..=LONG_POSTS + 1).collect::<Vec<_>>());
        }
        other => assert!(n_missed > 500, "{n_missed} missed: {other:?}"),
    }
}
