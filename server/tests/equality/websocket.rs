//! The client's end of a WebSocket. It finds out what the server has sent by a `ping`: what comes before the `pong` was sent
//! before the server handled the `ping`.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use hubbub_protocol::{ClientFrame, Seq, ServerFrame, codec};
use tokio::net::UnixStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

/// How long the server may take for an answer. It passes only if the test fails.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct WebSocket {
    inner: WebSocketStream<UnixStream>,
    /// Whether a frame was sent. Before its `hello`, the server refuses a `ping`.
    has_sent: bool,
    /// The last change of the room that the server has sent. None before the first page or `resumed`.
    sent: Option<Seq>,
    /// Frames that have arrived and that the engine has not got yet.
    pub(crate) arrived: VecDeque<ServerFrame>,
    /// The texts that were outdated at the last round trip. No frame that the server makes after it has one of them.
    pub(crate) outdated: BTreeSet<String>,
}

impl WebSocket {
    /// The client's end, after the handshake.
    pub(crate) async fn new(stream: UnixStream) -> Self {
        let inner = WebSocketStream::from_raw_socket(stream, Role::Client, None).await;
        Self { inner, has_sent: false, sent: None, arrived: VecDeque::new(), outdated: BTreeSet::new() }
    }

    /// Sends frames, and waits until the server has handled all of them and answered each operation. Returns every frame that
    /// the server has sent until then; if there is none, waits for the next one, no longer than `wait`.
    pub(crate) async fn round_trip(&mut self, frames: Vec<ClientFrame>, wait: Duration) -> Vec<ServerFrame> {
        self.has_sent |= !frames.is_empty();
        if !self.has_sent {
            return Vec::new();
        }
        let mut n_pongs = 0;
        let mut n_answers = 0;
        for frame in frames.iter().chain([&ClientFrame::Ping]) {
            n_pongs += usize::from(*frame == ClientFrame::Ping);
            n_answers += usize::from(matches!(frame, ClientFrame::Operation { .. }));
            self.inner.feed(Message::text(codec::encode_client(frame))).await.expect("the server reads");
        }
        self.inner.flush().await.expect("the server reads");
        let mut received = Vec::new();
        while n_pongs > 0 || n_answers > 0 {
            let frame = timeout(PATIENCE, self.next()).await.expect("the server answers in time");
            match frame {
                ServerFrame::Pong => {
                    n_pongs -= 1;
                    // The last one answers the test, and not the engine.
                    if n_pongs == 0 {
                        continue;
                    }
                }
                ServerFrame::Ack { .. } | ServerFrame::Refused { .. } => n_answers -= 1,
                _ => {}
            }
            received.push(frame);
        }
        if received.is_empty() && !wait.is_zero() {
            received.extend(timeout(wait, self.next()).await);
        }
        received
    }

    /// Receives a frame. The server has no reason to refuse one, or to end the connection. Cancel safe.
    async fn next(&mut self) -> ServerFrame {
        let frame = loop {
            match self.inner.next().await {
                Some(Ok(Message::Text(text))) => break codec::decode_server(&text).expect("a frame"),
                Some(Ok(Message::Ping(_))) => {}
                other => panic!("the server ended the connection: {other:?}"),
            }
        };
        match &frame {
            ServerFrame::Error { refusal } => panic!("the server refused a frame: {refusal:?}"),
            ServerFrame::Page { page, .. } => self.sent = Some(page.as_of),
            ServerFrame::Resumed { to, .. } => self.sent = Some(*to),
            ServerFrame::Changes { changes, .. } => {
                for change in changes {
                    assert_eq!(Some(change.seq.previous()), self.sent, "live changes have no gap");
                    self.sent = Some(change.seq);
                }
            }
            _ => {}
        }
        frame
    }
}
