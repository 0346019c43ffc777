//! One WebSocket's life: opened, received, closed, each reported once and in that order. Called by `driver`, which
//! knows what the frames mean; this file knows only how they travel. Another transport reports the same.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;

use futures_util::future::{AbortHandle, abortable};
use futures_util::{Sink, Stream};
use gloo_net::websocket::futures::WebSocket;
use gloo_net::websocket::{Message, State};
use hubbub_protocol::codec::{decode_server, encode_client};
use hubbub_protocol::{ClientFrame, ServerFrame};
use leptos::prelude::location;
use leptos::task::spawn_local;

const SUBPROTOCOL: &str = "hubbub.v1";

/// What happened to a connection.
pub(crate) enum Report {
    /// It can be used.
    Opened,
    /// The server said something.
    Received(ServerFrame),
    /// It never opened, was cut or was closed. The last report of a connection.
    Closed,
}

/// A connection. Dropped, it closes and reports nothing more.
pub(crate) struct Socket {
    socket: Shared,
    reader: AbortHandle,
}

type Shared = Rc<RefCell<Option<WebSocket>>>;

impl Socket {
    /// Starts to connect. The first report comes later, never from within this call.
    pub(crate) fn open(report: impl Fn(Report) + 'static) -> Self {
        let socket: Shared = Rc::new(RefCell::new(WebSocket::open_with_protocol(&address(), SUBPROTOCOL).ok()));
        let shared = Rc::clone(&socket);
        let (read, reader) = abortable(async move { read_all(&shared, report).await });
        spawn_local(async move {
            // Aborted means that whoever held the socket has dropped it and wants to hear no more.
            let _ = read.await;
        });
        Self { socket, reader }
    }

    /// Hands a frame to the browser. Only an ack says that it arrived: what would be handed over while the socket closes
    /// is dropped (the browser would too, with an error in the console), and the close is reported.
    pub(crate) fn send(&self, frame: &ClientFrame) {
        if let Some(socket) = self.socket.borrow_mut().as_mut().filter(|socket| matches!(socket.state(), State::Open)) {
            let _ = Pin::new(socket).start_send(Message::Text(encode_client(frame)));
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.reader.abort();
        self.socket.borrow_mut().take();
    }
}

async fn read_all(socket: &Shared, report: impl Fn(Report)) {
    if opened(socket).await {
        report(Report::Opened);
        while let Some(message) = next(socket).await {
            let Message::Text(text) = message else { continue };
            // What can't be read is skipped: a tab that outlives an upgrade keeps working.
            if let Ok(frame) = decode_server(&text) {
                report(Report::Received(frame));
            }
        }
    }
    report(Report::Closed);
}

/// Waits until the socket is open, or never will be. Its end is waited for as well: not every failure comes with the
/// error event that gloo-net wakes for.
async fn opened(socket: &Shared) -> bool {
    poll_fn(|cx| {
        let mut socket = socket.borrow_mut();
        let Some(socket) = socket.as_mut() else { return Poll::Ready(()) };
        match Pin::new(&mut *socket).poll_ready(cx) {
            Poll::Pending => Pin::new(socket).poll_next(cx).map(drop),
            Poll::Ready(_) => Poll::Ready(()),
        }
    })
    .await;
    socket.borrow().as_ref().is_some_and(|socket| matches!(socket.state(), State::Open))
}

/// The next message; `None` once the socket is closed. gloo-net tells of a failure three times (error, close, end of
/// the stream): the first one counts.
async fn next(socket: &Shared) -> Option<Message> {
    let item = poll_fn(|cx| match socket.borrow_mut().as_mut() {
        Some(socket) => Pin::new(socket).poll_next(cx),
        None => Poll::Ready(None),
    });
    item.await?.ok()
}

fn address() -> String {
    let location = location();
    let scheme = if location.protocol().is_ok_and(|protocol| protocol == "https:") { "wss" } else { "ws" };
    format!("{scheme}://{}/ws", location.host().unwrap_or_default())
}
