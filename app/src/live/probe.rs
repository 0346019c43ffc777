//! A WebSocket that is opened beside a connection of requests, to see whether one works here. That it opens says little:
//! some proxies let it, and nothing through it. Called by `link`, which climbs to another one when this was answered.

use hubbub_protocol::ClientFrame;
use hubbub_protocol::codec::encode_client;
use js_sys::Function;
use web_sys::MessageEvent;

use super::socket::Socket;

/// See the module. Dropped, it closes.
pub(crate) struct Probe {
    socket: Socket,
    /// Whether the server was heard.
    pub(super) is_answered: bool,
}

impl Probe {
    /// Starts to connect, as [`Socket::open`] does.
    pub(super) fn open(listener: &Function) -> Option<Self> {
        Some(Self { socket: Socket::open(listener)?, is_answered: false })
    }

    /// An event of a socket, when this is the only one there is. Asks for no room: a welcome is all that it waits for.
    pub(super) fn read(&mut self, event: &MessageEvent) {
        match event.type_().as_str() {
            "open" => self.socket.send(&encode_client(&ClientFrame::Hello { rooms: Vec::new() })),
            "message" => self.is_answered = true,
            _ => {}
        }
    }
}
