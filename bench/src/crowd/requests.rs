//! Writes the requests by which a connection polls and posts, for HTTP/1.1 and HTTP/2. The crowd sends them. They are as
//! long as a browser's requests, which are most of the bytes of a poll.

use std::net::SocketAddrV4;

use bytes::Bytes;
use http::Request;
use hubbub_protocol::{ClientFrame, Cursor, Epoch, Interest, RoomId, Seq, codec};

use super::pilot;
use crate::dialect::Dialect;
use crate::session::Session;

/// How long a poll may wait, in seconds: what a browser asks for. The server has its own limit.
const WAIT_S: u32 = 55;
/// The headers that Chromium adds to a `fetch`. `Accept-Encoding` is left out, since the generator decompresses nothing.
const BROWSER: &str = "Connection: keep-alive\r\n\
    User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36\r\n\
    Accept: */*\r\nAccept-Language: en-US,en;q=0.9\r\n\
    Sec-Fetch-Dest: empty\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Site: same-origin\r\n";
const JSON: &str = "application/json";

/// A request, for either version of HTTP.
pub(super) struct HttpRequest {
    method: &'static str,
    path: String,
    body: String,
}

/// Writes the requests of one connection.
pub(crate) struct RequestWriter {
    server: SocketAddrV4,
    /// The headers of every request.
    head: String,
    /// The UUID by which the server knows this connection.
    tab: String,
    room: Option<RoomId>,
    /// The epoch of the room's log; None before the first response.
    pub(super) epoch: Option<Epoch>,
}

impl RequestWriter {
    pub(super) fn new(server: SocketAddrV4, session: Option<&Session>, dialect: Dialect) -> Self {
        let cookie = session.map(|session| format!("Cookie: {}\r\n", session.cookie)).unwrap_or_default();
        let origin = format!("http://{server}");
        let head = format!("Host: {server}\r\nOrigin: {origin}\r\nReferer: {origin}/rooms/lobby\r\n{BROWSER}{cookie}");
        let room = if let Dialect::Hubbub { room } = dialect { Some(room) } else { None };
        Self { server, head, tab: random_uuid(), room, epoch: None }
    }

    /// Returns the first poll of a tab, which opens the tab and doesn't wait.
    pub(super) fn first_poll(&self, last: Seq) -> HttpRequest {
        post_request(format!("/ask?tab={}&open=true", self.tab), self.hello(last))
    }

    /// Returns a poll for the events after `last`, which waits until there are some.
    pub(super) fn long_poll(&self, last: Seq) -> HttpRequest {
        post_request(format!("/ask?tab={}&wait={WAIT_S}", self.tab), self.hello(last))
    }

    /// Returns a poll for the events after `last`, which doesn't wait.
    pub(super) fn poll(&self, last: Seq) -> HttpRequest {
        post_request(format!("/ask?tab={}", self.tab), self.hello(last))
    }

    /// Returns a request for a streamed response of a blocking server.
    pub(super) fn stream(&self) -> HttpRequest {
        HttpRequest { method: "GET", path: "/stream".to_owned(), body: String::new() }
    }

    /// Returns a request that carries a frame.
    pub(super) fn post(&self, payload: String) -> HttpRequest {
        post_request(format!("/say?tab={}", self.tab), payload)
    }

    /// Writes a request for HTTP/1.1.
    pub(super) fn http1(&self, HttpRequest { method, path, body }: &HttpRequest) -> String {
        let about_body = match body.len() {
            0 => String::new(),
            n_bytes => format!("Content-Type: {JSON}\r\nContent-Length: {n_bytes}\r\n"),
        };
        format!("{method} {path} HTTP/1.1\r\n{}{about_body}\r\n{body}", self.head)
    }

    /// Writes a request for HTTP/2: the host is in the target, and headers of the connection are forbidden (RFC 9113, section
    /// 8.2.2).
    pub(super) fn http2(&self, HttpRequest { method, path, body }: HttpRequest) -> http::Result<Request<Bytes>> {
        let mut request = Request::builder().method(method).uri(format!("http://{}{path}", self.server));
        for (name, value) in self.head.lines().filter_map(|line| line.split_once(": ")) {
            if !matches!(name, "Host" | "Connection") {
                request = request.header(name, value);
            }
        }
        if !body.is_empty() {
            request = request.header("Content-Type", JSON).header("Content-Length", body.len());
        }
        request.body(body.into())
    }

    fn hello(&self, last: Seq) -> String {
        let after = self.epoch.map(|epoch| Cursor { epoch, seq: last });
        let rooms = self.room.into_iter().map(|room| Interest { room, after }).collect();
        codec::encode_client(&ClientFrame::Hello { rooms })
    }
}

fn post_request(path: String, body: String) -> HttpRequest {
    HttpRequest { method: "POST", path, body }
}

/// Makes a UUID of version 4, as a browser's `crypto.randomUUID` does.
fn random_uuid() -> String {
    let random = u128::from_be_bytes(pilot::moment().random);
    let versioned = random & !(0xF << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let digits = format!("{versioned:032x}");
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tab_is_a_random_uuid() {
        let (one, other) = (random_uuid(), random_uuid());
        assert_ne!(one, other);
        assert_eq!((one.len(), &one[14..15]), (36, "4"));
        assert!("89ab".contains(&one[19..20]), "{one}");
    }
}
