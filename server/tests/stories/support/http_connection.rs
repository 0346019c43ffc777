//! A connection of HTTP/1.1 that is kept open for several requests.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::PATIENCE;
use super::http::{HttpResponse, Request};
use super::tcp::connect;

pub(crate) struct HttpConnection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl HttpConnection {
    pub(crate) async fn open(to: SocketAddr) -> Self {
        Self { stream: connect(to).await.expect("the server listens"), read: Vec::new() }
    }

    pub(crate) async fn write(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.expect("the server reads");
    }

    /// Sends a request, and reads its response.
    pub(crate) async fn send(&mut self, request: Request) -> HttpResponse {
        self.write(&request.bytes()).await;
        self.answer().await
    }

    /// Reads the next response, whose length is its `Content-Length`.
    pub(crate) async fn answer(&mut self) -> HttpResponse {
        let n_head = self.read_until(|read| read.windows(4).position(|four| four == b"\r\n\r\n")).await + 4;
        let head = HttpResponse::parse(&String::from_utf8_lossy(&self.read[..n_head]));
        let n_body: usize = head.header("content-length").parse().unwrap_or(0);
        let n_bytes = self.read_until(|read| (read.len() >= n_head + n_body).then_some(n_head + n_body)).await;
        let rest = self.read.split_off(n_bytes);
        let answer = std::mem::replace(&mut self.read, rest);
        HttpResponse::parse(&String::from_utf8_lossy(&answer))
    }

    /// Reads until the server has closed the connection, and returns what it sent.
    pub(crate) async fn ended(mut self) -> String {
        let ending = async { while self.stream.read_buf(&mut self.read).await.is_ok_and(|n_bytes| n_bytes > 0) {} };
        timeout(PATIENCE, ending).await.expect("an end in time");
        String::from_utf8_lossy(&self.read).into_owned()
    }

    /// Returns the TCP stream, between two responses.
    pub(crate) fn into_stream(self) -> TcpStream {
        assert!(self.read.is_empty(), "something was said that nobody read");
        self.stream
    }

    async fn read_until(&mut self, find: impl Fn(&[u8]) -> Option<usize>) -> usize {
        let reading = async {
            loop {
                if let Some(found) = find(&self.read) {
                    return found;
                }
                let n_bytes = self.stream.read_buf(&mut self.read).await.expect("the server writes");
                assert!(n_bytes > 0, "closed before it answered: {:?}", String::from_utf8_lossy(&self.read));
            }
        };
        timeout(PATIENCE, reading).await.expect("an answer in time")
    }
}
