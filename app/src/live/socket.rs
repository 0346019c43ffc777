//! One WebSocket's life: opened, received, closed, each reported once and in that order. Called by `driver`, which
//! knows what the frames mean; this file knows only how they travel. Another transport reports the same.

use hubbub_protocol::codec::{decode_server, encode_client};
use hubbub_protocol::{ClientFrame, ServerFrame};
use js_sys::Function;
use leptos::prelude::location;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{MessageEvent, WebSocket};

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
    socket: WebSocket,
    _listener: Listener,
}

/// One for all kinds of events, since each kind of closure costs its own code.
type Listener = Closure<dyn Fn(MessageEvent)>;

impl Socket {
    /// Starts to connect. The first report comes later, never from within this call. `None`, and never a report but
    /// that it is closed, when the browser won't even try.
    pub(crate) fn open(report: impl Fn(Report) + 'static) -> Option<Self> {
        let Ok(socket) = WebSocket::new_with_str(&address(), SUBPROTOCOL) else {
            spawn_local(async move { report(Report::Closed) });
            return None;
        };
        let listener = Listener::new(move |event: MessageEvent| {
            // What can't be read is skipped: a tab that outlives an upgrade keeps working.
            let told = match event.type_().as_str() {
                "open" => Some(Report::Opened),
                "message" => event.data().as_string().and_then(|text| decode_server(&text).ok()).map(Report::Received),
                _ => Some(Report::Closed),
            };
            told.into_iter().for_each(&report);
        });
        listen(&socket, Some(listener.as_ref().unchecked_ref()));
        Some(Self { socket, _listener: listener })
    }

    /// Hands a frame to the browser. Only an ack says that it arrived: what would be handed over while the socket closes
    /// is dropped (the browser would too, with an error in the console), and the close is reported.
    pub(crate) fn send(&self, frame: &ClientFrame) {
        if self.socket.ready_state() == WebSocket::OPEN {
            let _ = self.socket.send_with_str(&encode_client(frame));
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        listen(&self.socket, None);
        // Fails only for a code, and none is given.
        let _ = self.socket.close();
    }
}

/// An `error` says nothing that the `close` after it doesn't.
fn listen(socket: &WebSocket, listener: Option<&Function>) {
    socket.set_onopen(listener);
    socket.set_onmessage(listener);
    socket.set_onclose(listener);
}

fn address() -> String {
    let location = location();
    let scheme = if location.protocol().is_ok_and(|protocol| protocol == "https:") { "wss" } else { "ws" };
    format!("{scheme}://{}/ws", location.host().unwrap_or_default())
}
