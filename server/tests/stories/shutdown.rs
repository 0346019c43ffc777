//! Shutdown: every client is told when to reconnect, accepted posts are kept, and the server exits soon.

use std::time::{Duration, Instant};

use hubbub_protocol::Seq;
use tokio::net::TcpStream;

use crate::support::person::Person;
use crate::support::server::TestServer;
use crate::support::socket::Ended;
use crate::support::{LOBBY, fresh_id, post, seqs};

const RESTART: Ended = Ended(Some(1012));
/// For connections that read. DESIGN 2.11 allows 25 s for connections that don't.
const GONE_WITHIN: Duration = Duration::from_secs(5);

#[tokio::test]
async fn clients_are_told_to_reconnect_at_different_times() {
    let mut server = TestServer::start().await;
    let mut sockets = Vec::new();
    for n in 0..20 {
        sockets.push(server.join(&format!("Person {n}")).await.in_lobby().await);
    }
    let since = Instant::now();
    server.tell_to_stop();

    let mut times = Vec::new();
    for socket in &mut sockets {
        let (reconnect_after_ms, refusal) = socket.bye().await;
        assert_eq!((refusal, socket.ended().await), (None, RESTART));
        times.push(reconnect_after_ms);
    }
    assert!(times.iter().all(|ms| *ms <= 10_000), "{times:?}");
    let (first, last) = (times.iter().min(), times.iter().max());
    assert!(last > first.map(|first| first + 2_000).as_ref(), "twenty of them are spread: {times:?}");
    drop(sockets);
    server.stopped().await.1.expect("it was told to stop");
    assert!(since.elapsed() < GONE_WITHIN, "it took {:?}", since.elapsed());
}

#[tokio::test]
async fn an_acked_post_survives_a_restart_and_an_unacked_one_may_be_sent_again() {
    const POSTS: usize = 300;
    let mut server = TestServer::start_with(&["--posts-per-minute", "0"]).await;
    let kira = server.join("Kira").await;
    let mut socket = kira.in_lobby().await;
    let ids: Vec<_> = (0..POSTS).map(|_| fresh_id()).collect();
    for (n, id) in ids.iter().enumerate() {
        socket.say(&post(LOBBY, *id, &n.to_string())).await;
        if n == POSTS / 2 {
            server.tell_to_stop();
        }
    }
    assert_eq!(socket.ended().await, RESTART);
    let acked: Vec<(usize, Seq)> =
        ids.iter().enumerate().filter_map(|(n, id)| Some((n, ack_of(&socket, *id)?))).collect();

    let (folder, outcome) = server.stopped().await;
    outcome.expect("it was told to stop");
    let server = TestServer::start_on(folder, &["--posts-per-minute", "0"]).await;
    let kira = Person { site: *server, ..kira };
    let mut socket = kira.in_lobby().await;
    for (n, seq) in &acked {
        assert_eq!(socket.posts_to(LOBBY, ids[*n], &n.to_string()).await, Ok(*seq), "acked is kept");
    }
    for (n, id) in ids.iter().enumerate() {
        let again = socket.posts_to(LOBBY, *id, &n.to_string()).await;
        assert_eq!(again, Ok(Seq(n as u64 + 1)), "each is there once, in the order said");
    }
    assert_eq!(seqs(&socket.older(LOBBY, u64::MAX).await).last(), Some(&(POSTS as u64)));
}

fn ack_of(socket: &crate::support::socket::Socket, of: hubbub_protocol::MessageId) -> Option<Seq> {
    socket.unasked().find_map(|frame| match frame {
        hubbub_protocol::ServerFrame::Ack { op, seq, .. } if *op == of.into() => Some(*seq),
        _ => None,
    })
}

#[tokio::test]
async fn a_connection_that_does_not_close_does_not_delay_the_exit() {
    let mut server = TestServer::start().await;
    let _deaf = server.join("Jonas").await.in_lobby().await;
    let idle = TcpStream::connect(server.address).await.expect("the server listens");
    let since = Instant::now();
    let address = server.address;
    server.tell_to_stop();
    server.stopped().await.1.expect("it was told to stop");
    assert!(since.elapsed() < Duration::from_secs(10), "it took {:?}", since.elapsed());
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
    drop(idle);
}
