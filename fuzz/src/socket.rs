//! What must hold of any bytes that a peer sends over a WebSocket. Called by the fuzz target and by `server/tests/seeds.rs`.

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use hubbub::transport::websocket::{Socket, SocketEvent};
use hubbub_protocol::limits::MAX_FRAME_BYTES;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Far longer than any input takes.
const DEADLINE: Duration = Duration::from_secs(20);
/// The shortest frame of a client: a header of two bytes and a mask.
const MIN_FRAME_BYTES: usize = 6;
/// The first bytes of the frames that a socket writes by itself.
const PONG: u8 = 0x8A;
const CLOSE: u8 = 0x88;

/// A socket receives the bytes and comes to an end. It hands out valid messages within the limit, and nothing after an error.
/// It answers with pongs and one close frame. The first byte of the input says how many of the others arrive together
/// with the handshake.
pub(crate) fn check(input: &[u8]) {
    let Some((n_early_bytes, sent)) = input.split_first() else { return };
    let (early, late) = sent.split_at(sent.len().min(usize::from(*n_early_bytes)));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let answer = runtime.block_on(async {
        let (stream, peer) = connected();
        let socket = Socket::new(stream, early.to_vec()).await;
        let both = async { tokio::join!(receive(socket, sent.len()), send(peer, late)).1 };
        timeout(DEADLINE, both).await.expect("the connection ends")
    });
    assert_only_control_frames(&answer);
}

/// Two ends of a connection. A pair needs no port, of which thousands a second would soon use up all.
fn connected() -> (TcpStream, TcpStream) {
    let stream = |end: UnixStream| {
        end.set_nonblocking(true).expect("a socket can be set to non-blocking");
        TcpStream::from_std(OwnedFd::from(end).into()).expect("the runtime takes a socket")
    };
    let (ours, peers) = UnixStream::pair().expect("a pair of sockets");
    (stream(ours), stream(peers))
}

/// Sends all bytes while it reads, and returns what it read.
async fn send(peer: TcpStream, bytes: &[u8]) -> Vec<u8> {
    let (mut reader, mut writer) = peer.into_split();
    let sending = async move {
        // The other end may close before it has read all.
        let _ = writer.write_all(bytes).await;
        let _ = writer.shutdown().await;
    };
    let reading = async move {
        let mut answer = Vec::new();
        // As above: what arrived before that is kept.
        let _ = reader.read_to_end(&mut answer).await;
        answer
    };
    tokio::join!(sending, reading).1
}

/// Receives all messages as a connection does.
async fn receive(mut socket: Socket, n_sent_bytes: usize) {
    let mut n_text_bytes = 0;
    for _ in 0..=n_sent_bytes / MIN_FRAME_BYTES {
        match socket.next().await {
            SocketEvent::Text(text) => {
                assert!(text.len() <= MAX_FRAME_BYTES, "a text has {} bytes", text.len());
                assert!(std::str::from_utf8(text.as_bytes()).is_ok(), "a text is UTF-8");
                n_text_bytes += text.len();
                assert!(n_text_bytes <= n_sent_bytes, "the texts are part of what was sent");
            }
            SocketEvent::Binary(_) => {}
            SocketEvent::PingOrPong => {
                if socket.flush_library().await.is_err() {
                    return;
                }
            }
            SocketEvent::Close => return socket.answer_close().await,
            SocketEvent::End(code) => {
                assert!(matches!(socket.next().await, SocketEvent::End(None)), "nothing comes after the end");
                if let Some(code) = code {
                    socket.close(code, "").await;
                }
                return;
            }
        }
    }
    panic!("the socket hands out more messages than frames were sent");
}

fn assert_only_control_frames(mut answer: &[u8]) {
    while let [kind, n_bytes, rest @ ..] = answer {
        assert!(matches!(*kind, PONG | CLOSE), "the socket answers with a frame {kind:#x}");
        let (payload, next) = rest.split_at_checked(usize::from(*n_bytes)).expect("a frame is whole");
        assert!(payload.len() <= 125, "a control frame is short");
        assert!(*kind == PONG || (payload.len() != 1 && next.is_empty()), "a close frame is the last");
        answer = next;
    }
    assert!(answer.is_empty(), "a header is whole");
}
