//! Frames over one WebSocket. `transport` runs this as a task.

use std::future::poll_fn;
use std::task::Poll;

use futures_channel::mpsc::UnboundedReceiver;
use futures_util::future::{Either, select};
use futures_util::{SinkExt, StreamExt};
use gloo_net::websocket::futures::WebSocket;
use gloo_net::websocket::{Message, State};
use leptos::prelude::location;

use super::channels::{OutgoingFrame, Report, Reports};
use super::ladder::TransportEnd;

/// The subprotocol of frames (docs/protocol.md).
const SUBPROTOCOL: &str = "hubbub.v1";

/// Connects, then carries frames both ways until the socket ends. Dropping the future closes the socket.
pub(super) async fn run(mut outgoing: UnboundedReceiver<OutgoingFrame>, reports: Reports) {
    if let Ok(mut socket) = WebSocket::open_with_protocol(&address(), SUBPROTOCOL)
        && is_opened(&mut socket).await
    {
        reports.send(Report::Opened);
        carry(&mut socket, &mut outgoing, &reports).await;
    }
    reports.send(Report::Ended(TransportEnd::Closed));
}

/// Waits until the socket is open. Returns false if it fails to open.
async fn is_opened(socket: &mut WebSocket) -> bool {
    // A gloo-net socket is ready once it is no longer connecting. A close without an error doesn't wake it, so the stream,
    // which has nothing else to say before the socket is open, is watched too.
    let no_longer_connecting = poll_fn(|context| {
        if socket.poll_ready_unpin(context).is_ready() {
            return Poll::Ready(());
        }
        socket.poll_next_unpin(context).map(drop)
    });
    no_longer_connecting.await;
    matches!(socket.state(), State::Open)
}

/// Carries frames until the socket ends. A failure surfaces as an error, a close and the end of the stream; the first of
/// them ends this.
async fn carry(socket: &mut WebSocket, outgoing: &mut UnboundedReceiver<OutgoingFrame>, reports: &Reports) {
    loop {
        match select(outgoing.next(), socket.next()).await {
            Either::Left((Some(frame), _)) => {
                // The browser drops what is sent while a socket closes, with an error in the console. Only an ack counts
                // as sent, so the frame is dropped here, and the close is reported.
                if matches!(socket.state(), State::Open) {
                    let _ = socket.send(Message::Text(frame.text)).await;
                }
            }
            Either::Right((Some(Ok(Message::Text(text))), _)) => reports.received(&text),
            // The protocol has no binary frames.
            Either::Right((Some(Ok(Message::Bytes(_))), _)) => {}
            Either::Left((None, _)) | Either::Right((Some(Err(_)) | None, _)) => return,
        }
    }
}

fn address() -> String {
    let location = location();
    let scheme = if location.protocol().is_ok_and(|protocol| protocol == "https:") { "wss" } else { "ws" };
    format!("{scheme}://{}/ws", location.host().unwrap_or_default())
}
