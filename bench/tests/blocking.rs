//! The blocking servers, as the comparison uses them: every listener receives every text, in order.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A running server. It is killed at the end of the test.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn start(how: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hubbub-bench-blocking"));
        let command = command.args([how, "127.0.0.1:0"]).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("started");
        let mut address = String::new();
        let stdout = child.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut address).expect("the server says where it listens");
        Self { child, address: address.trim().parse().expect("an address") }
    }

    fn connect(&self) -> BufReader<TcpStream> {
        let stream = TcpStream::connect(self.address).expect("the server listens");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout");
        BufReader::new(stream)
    }

    /// A stream, past its head.
    fn listener(&self) -> BufReader<TcpStream> {
        let mut connection = self.connect();
        connection.get_mut().write_all(b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("sent");
        while line(&mut connection) != "\r\n" {}
        connection
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn line(connection: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    assert!(connection.read_line(&mut line).expect("readable") > 0, "the connection is over");
    line
}

fn every_listener_receives_every_text(how: &str) {
    let server = Server::start(how);
    let mut listeners = [server.listener(), server.listener(), server.listener()];
    let mut speaker = server.connect();
    for text in ["one", "two", "three"] {
        let request = format!("POST /say HTTP/1.1\r\nContent-Length: {}\r\n\r\n{text}", text.len());
        speaker.get_mut().write_all(request.as_bytes()).expect("sent");
        assert_eq!(line(&mut speaker), "HTTP/1.1 204 No Content\r\n");
        assert_eq!(line(&mut speaker), "\r\n");
    }
    for listener in &mut listeners {
        assert_eq!([line(listener), line(listener), line(listener)], ["one\n", "two\n", "three\n"]);
    }
}

#[test]
fn a_thread_for_each_connection_relays_every_text() {
    every_listener_receives_every_text("threads");
}

#[test]
fn a_process_for_each_connection_relays_every_text() {
    every_listener_receives_every_text("processes");
}
