//! A connection of HTTP/1.1 over which one request goes after the other, written as bytes.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::PATIENCE;
use super::http::{HttpResponse, Request};
use super::tcp::connect;

pub(crate) struct Line {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Line {
    pub(crate) async fn open(to: SocketAddr) -> Self {
        Self { stream: connect(to).await.expect("the server listens"), read: Vec::new() }
    }

    pub(crate) async fn write(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.expect("the server reads");
    }

    /// Sends a request that leaves the connection open, unless it says otherwise, and reads its answer.
    pub(crate) async fn send(&mut self, request: Request) -> HttpResponse {
        self.write(&request.bytes()).await;
        self.answer().await
    }

    /// The next answer, which says how long it is.
    pub(crate) async fn answer(&mut self) -> HttpResponse {
        let n_head = self.read_until(|read| read.windows(4).position(|four| four == b"\r\n\r\n")).await + 4;
        let head = HttpResponse::parse(&String::from_utf8_lossy(&self.read[..n_head]));
        let n_body: usize = head.header("content-length").parse().unwrap_or(0);
        let n_bytes = self.read_until(|read| (read.len() >= n_head + n_body).then_some(n_head + n_body)).await;
        let rest = self.read.split_off(n_bytes);
        let answer = std::mem::replace(&mut self.read, rest);
        HttpResponse::parse(&String::from_utf8_lossy(&answer))
    }

    /// Reads until the server has closed the connection, and answers what it still said.
    pub(crate) async fn ended(mut self) -> String {
        let ending = async { while self.stream.read_buf(&mut self.read).await.is_ok_and(|n_bytes| n_bytes > 0) {} };
        timeout(PATIENCE, ending).await.expect("an end in time");
        String::from_utf8_lossy(&self.read).into_owned()
    }

    /// The bare stream, between two answers.
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
