//! Requests and responses as bytes, so that a test can send what no client library would.

use std::net::SocketAddr;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::PATIENCE;
use super::tcp::connect;

#[derive(Clone, Debug)]
pub(crate) struct Request {
    to: SocketAddr,
    line: String,
    headers: Vec<(String, String)>,
    body: String,
}

#[derive(Debug)]
pub(crate) struct HttpResponse {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    /// As the server sent it, perhaps in chunks.
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn new(to: SocketAddr, method: &str, path: &str) -> Self {
        let line = format!("{method} {path} HTTP/1.1");
        let headers = vec![("host".to_owned(), to.to_string()), ("connection".to_owned(), "close".to_owned())];
        Self { to, line, headers, body: String::new() }
    }

    /// Makes it a request of HTTP/1.0, whose response ends with the connection.
    pub(crate) fn version_1_0(mut self) -> Self {
        self.line = self.line.replace("HTTP/1.1", "HTTP/1.0");
        self
    }

    /// Sets a header. Replaces each header of that name.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a header. Keeps each header of that name.
    pub(crate) fn another(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn form(self, fields: &[(&str, &str)]) -> Self {
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let body = pairs.join("&");
        let mut request = self
            .header("content-type", "application/x-www-form-urlencoded")
            .header("content-length", &body.len().to_string());
        request.body = body;
        request
    }

    /// Sets a body of plain text.
    pub(crate) fn text(self, text: &str) -> Self {
        let mut request = self.header("content-type", "text/plain").header("content-length", &text.len().to_string());
        request.body = text.to_owned();
        request
    }

    /// Makes it the handshake of a WebSocket.
    pub(crate) fn upgrading(self) -> Self {
        self.header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
            .header("sec-websocket-protocol", "hubbub.v1")
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    pub(crate) async fn send(self) -> HttpResponse {
        self.begin().await.answer().await
    }

    /// Returns the bytes to send.
    pub(crate) fn bytes(&self) -> String {
        let headers: String = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!("{}\r\n{headers}\r\n{}", self.line, self.body)
    }

    /// Sends the request, and returns before the response.
    pub(crate) async fn begin(self) -> PendingResponse {
        let text = self.bytes();
        let mut stream = connect(self.to).await.expect("the server listens");
        stream.write_all(text.as_bytes()).await.expect("the server reads");
        PendingResponse(stream)
    }
}

/// A request that was sent, and whose response was not read. Dropping it closes the connection.
#[derive(Debug)]
pub(crate) struct PendingResponse(TcpStream);

impl PendingResponse {
    pub(crate) async fn answer(mut self) -> HttpResponse {
        HttpResponse::read(&mut self.0).await
    }

    /// Reads the head of the response. The stream has the body.
    pub(crate) async fn head(mut self) -> (String, TcpStream) {
        let mut bytes = Vec::new();
        let reading = async {
            while !bytes.ends_with(b"\r\n\r\n") {
                bytes.push(self.0.read_u8().await.expect("a head"));
            }
        };
        timeout(PATIENCE, reading).await.expect("an answer in time");
        (String::from_utf8_lossy(&bytes).into_owned(), self.0)
    }
}

/// Sends a request as it is, and reads the response.
pub(crate) async fn send(to: SocketAddr, text: &str) -> HttpResponse {
    let mut stream = connect(to).await.expect("the server listens");
    stream.write_all(text.as_bytes()).await.expect("the server reads");
    HttpResponse::read(&mut stream).await
}

impl HttpResponse {
    async fn read(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        let reading = async {
            // A connection that was upgraded, or whose upgrade was refused, stays open after the response.
            while stream.read_buf(&mut bytes).await.is_ok_and(|n_read| n_read > 0) && !is_answer_to_upgrade(&bytes) {}
        };
        timeout(PATIENCE, reading).await.expect("an answer in time");
        Self::parse(&String::from_utf8_lossy(&bytes))
    }

    pub(super) fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
        let (status, headers) = head.split_once("\r\n").unwrap_or((head, ""));
        let status = status.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let headers = headers.lines().filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        Self { status, headers, body: body.to_owned() }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Returns the cookie that the response sets, as a browser sends it back.
    pub(crate) fn cookie(&self) -> Option<String> {
        let set = self.header("set-cookie").split(';').next()?;
        (!set.is_empty()).then(|| set.to_owned())
    }
}

fn is_answer_to_upgrade(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let n_body_bytes = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let is_kept = !head.contains("connection: close");
    head.starts_with("HTTP/1.1 101") || is_kept && n_body_bytes.is_some_and(|n_bytes: usize| body.len() >= n_bytes)
}
