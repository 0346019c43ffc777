//! One connection's requests over HTTP, as either version writes them: asking what is new, and saying something. The
//! crowd sends them; they are as long as a browser's, which is most of what a poll costs in bytes.

use std::net::SocketAddrV4;

use bytes::Bytes;
use http::Request;
use hubbub_protocol::{ClientFrame, Cursor, Epoch, Interest, RoomId, Seq, codec};

use super::pilot;
use crate::dialect::Dialect;
use crate::session::Session;

/// How long an ask may wait, in seconds: what a browser asks for. The server has its own limit.
const WAIT_S: u32 = 55;
/// What Chromium sends with a `fetch` besides what is set for each request. `Accept-Encoding` is left out: the generator
/// decompresses nothing.
const BROWSER: &str = "Connection: keep-alive\r\n\
    User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36\r\n\
    Accept: */*\r\nAccept-Language: en-US,en;q=0.9\r\n\
    Sec-Fetch-Dest: empty\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Site: same-origin\r\n";
const JSON: &str = "application/json";

/// A request that no version of HTTP has written yet.
pub(super) struct Wanted {
    method: &'static str,
    path: String,
    body: String,
}

/// Who asks.
pub(crate) struct Asking {
    server: SocketAddrV4,
    /// What every request has in its head.
    head: String,
    /// The UUID that the server knows this connection by.
    tab: String,
    room: Option<RoomId>,
    /// Of which log its number is; none before the first answer.
    pub(super) epoch: Option<Epoch>,
}

impl Asking {
    pub(super) fn new(server: SocketAddrV4, session: Option<&Session>, dialect: Dialect) -> Self {
        let cookie = session.map(|session| format!("Cookie: {}\r\n", session.cookie)).unwrap_or_default();
        let origin = format!("http://{server}");
        let head = format!("Host: {server}\r\nOrigin: {origin}\r\nReferer: {origin}/rooms/lobby\r\n{BROWSER}{cookie}");
        let room = if let Dialect::Hubbub { room } = dialect { Some(room) } else { None };
        Self { server, head, tab: random_uuid(), room, epoch: None }
    }

    /// What is there? Opens the tab, and doesn't wait.
    pub(super) fn first(&self, last: Seq) -> Wanted {
        post(format!("/ask?tab={}&open=true", self.tab), self.hello(last))
    }

    /// What comes after `last`? It waits for that.
    pub(super) fn long_poll(&self, last: Seq) -> Wanted {
        post(format!("/ask?tab={}&wait={WAIT_S}", self.tab), self.hello(last))
    }

    /// What comes after `last`? It doesn't wait.
    pub(super) fn poll(&self, last: Seq) -> Wanted {
        post(format!("/ask?tab={}", self.tab), self.hello(last))
    }

    /// The stream of the old web's servers.
    pub(super) fn stream(&self) -> Wanted {
        Wanted { method: "GET", path: "/stream".to_owned(), body: String::new() }
    }

    pub(super) fn say(&self, payload: String) -> Wanted {
        post(format!("/say?tab={}", self.tab), payload)
    }

    pub(super) fn http1(&self, Wanted { method, path, body }: &Wanted) -> String {
        let about_body = match body.len() {
            0 => String::new(),
            n_bytes => format!("Content-Type: {JSON}\r\nContent-Length: {n_bytes}\r\n"),
        };
        format!("{method} {path} HTTP/1.1\r\n{}{about_body}\r\n{body}", self.head)
    }

    /// The host stands in the target, and there is nothing to say of the connection (RFC 9113, section 8.2.2).
    pub(super) fn http2(&self, Wanted { method, path, body }: Wanted) -> http::Result<Request<Bytes>> {
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

fn post(path: String, body: String) -> Wanted {
    Wanted { method: "POST", path, body }
}

/// Version 4, as a browser's `crypto.randomUUID` mints it.
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
