//! Connections that come back at the same time cause one query for the list of rooms, also if that query fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use async_trait::async_trait;
use hubbub::store::{Store, StoreError};
use hubbub_protocol::{RoomInfo, ServerFrame};
use tokio::sync::Semaphore;

use crate::intercepted_store::{InterceptedStore, Interceptor};
use crate::support::person::hello;
use crate::support::server::TestServer;
use crate::support::socket::Socket;
use crate::support::{LOBBY, advance_clock};

const N_SOCKETS: usize = 10;

/// The queries for the list of rooms: their number, whether they wait for a permit, and whether they fail.
struct RoomQueries {
    n: AtomicUsize,
    are_held: AtomicBool,
    fail: AtomicBool,
    /// A query that is held takes one permit and goes on.
    permits: Semaphore,
}

struct Held(Arc<RoomQueries>);

#[async_trait]
impl Interceptor for Held {
    async fn rooms(&self, real: &dyn Store) -> Result<Vec<RoomInfo>, StoreError> {
        self.0.n.fetch_add(1, Ordering::SeqCst);
        if self.0.are_held.load(Ordering::SeqCst) {
            self.0.permits.acquire().await.expect("the semaphore is open").forget();
        }
        if self.0.fail.load(Ordering::SeqCst) {
            return Err(StoreError::Failed("unreadable".into()));
        }
        real.rooms().await
    }
}

/// Lets sockets say `hello` while the first query is held, and then releases the queries. Returns the sockets after they got
/// their answers, and the number of queries.
async fn come_back(fail: bool) -> (Vec<Socket>, usize) {
    let queries = Arc::new(RoomQueries {
        n: AtomicUsize::new(0),
        are_held: AtomicBool::new(false),
        fail: AtomicBool::new(false),
        permits: Semaphore::new(0),
    });
    let held = Held(Arc::clone(&queries));
    let folder = tempfile::tempdir().expect("a folder");
    let server = TestServer::start_over(folder, &[], |real| InterceptedStore::over(real, held)).await;
    let kira = server.join("Kira").await;
    let mut sockets = Vec::new();
    for _ in 0..N_SOCKETS {
        sockets.push(kira.open().await);
    }
    // A list that was read before is not used any more.
    advance_clock(2).await;
    queries.are_held.store(true, Ordering::SeqCst);
    queries.fail.store(fail, Ordering::SeqCst);
    let before = queries.n.load(Ordering::SeqCst);
    for socket in &mut sockets {
        socket.say(&hello(LOBBY, None)).await;
    }
    // The server has read the frames: it has answered several times since.
    for _ in 0..N_SOCKETS {
        server.get("/healthz").send().await;
    }
    queries.permits.add_permits(N_SOCKETS);
    for socket in &mut sockets {
        if fail {
            socket.error().await;
        } else {
            socket.find("welcome", |frame| matches!(frame, ServerFrame::Welcome { .. }).then_some(())).await;
        }
    }
    (sockets, queries.n.load(Ordering::SeqCst) - before)
}

#[tokio::test]
async fn sockets_that_come_back_at_once_share_one_query_for_the_rooms() {
    let (_sockets, n_queries) = come_back(false).await;
    assert_eq!(n_queries, 1);
}

#[tokio::test]
async fn a_query_for_the_rooms_that_fails_fails_for_all_who_wait_for_it() {
    let (_sockets, n_queries) = come_back(true).await;
    assert_eq!(n_queries, 1);
}
