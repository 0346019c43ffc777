//! Requests over one connection that speaks HTTP/2 from its first byte, as a proxy does.

use axum::body::Bytes;
use axum::http::Request;
use h2::RecvStream;
use h2::client::{Builder, SendRequest};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;

use super::PATIENCE;
use super::http::Answer;
use super::person::Person;

#[derive(Clone)]
pub(crate) struct Http2 {
    person: Person,
    requests: SendRequest<Bytes>,
    /// Sent nothing: its other end goes with the connection.
    ended: watch::Receiver<()>,
}

impl Http2 {
    pub(crate) async fn connect(person: &Person) -> Self {
        Self::connect_with(person, &Builder::new()).await
    }

    /// Of a peer that takes nothing of an answer but its head.
    pub(crate) async fn connect_to_take_nothing(person: &Person) -> Self {
        Self::connect_with(person, Builder::new().initial_window_size(0)).await
    }

    async fn connect_with(person: &Person, builder: &Builder) -> Self {
        let stream = TcpStream::connect(person.site.address).await.expect("the server listens");
        let (requests, connection) = builder.handshake(stream).await.expect("HTTP/2");
        let (lives, ended) = watch::channel(());
        tokio::spawn(async move {
            // However it ends.
            let _ = connection.await;
            drop(lives);
        });
        Self { person: person.clone(), requests, ended }
    }

    /// Waits until the server has closed the connection.
    pub(crate) async fn ended(mut self) {
        timeout(PATIENCE, self.ended.changed()).await.expect("an end in time").expect_err("nothing is ever sent");
    }

    /// The head of the answer to a `GET`, and its body as it comes.
    pub(crate) async fn get(&self, path: &str) -> (u16, RecvStream) {
        let request = Request::get(format!("http://{}{path}", self.person.site.address))
            .header("cookie", &self.person.cookie)
            .body(())
            .expect("a request");
        let mut requests = self.requests.clone().ready().await.expect("an open connection");
        let (answering, _) = requests.send_request(request, true).expect("a stream");
        let (head, body) = timeout(PATIENCE, answering).await.expect("in time").expect("an answer").into_parts();
        (head.status.as_u16(), body)
    }

    /// Posts a text, as a page of the given origin.
    pub(crate) async fn post(&self, path: &str, origin: &str, text: String) -> Answer {
        let request = Request::post(format!("http://{}{path}", self.person.site.address))
            .header("cookie", &self.person.cookie)
            .header("origin", origin)
            .body(())
            .expect("a request");
        let mut requests = self.requests.clone().ready().await.expect("an open connection");
        let (answering, mut sending) = requests.send_request(request, false).expect("a stream");
        sending.send_data(text.into(), true).expect("the server reads");
        let answering = async {
            let (head, body) = answering.await.expect("an answer").into_parts();
            (head, read(body).await)
        };
        let (head, body) = timeout(PATIENCE, answering).await.expect("an answer in time");
        let texts = head.headers.iter().filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?)));
        let headers = texts.map(|(name, value)| (name, value.to_owned())).collect();
        Answer { status: head.status.as_u16(), headers, body }
    }
}

/// A peer that asks for a page and is never heard of again: it answers no ping.
pub(crate) async fn vanished(person: &Person, path: &str) -> TcpStream {
    // RFC 7541: GET and http are numbers 2 and 6 of its table; 4 and 1 name the path and the host; 0 goes before a new name.
    let field = |name: &[u8], value: &str| [name, &[value.len() as u8], value.as_bytes()].concat();
    let host = person.site.address.to_string();
    let cookie = field(b"\x00\x06cookie", &person.cookie);
    let head = [b"\x82\x86".to_vec(), field(b"\x04", path), field(b"\x01", &host), cookie].concat();
    let mut stream = TcpStream::connect(person.site.address).await.expect("the server listens");
    // RFC 9113: the preface, settings without a wish (type 4), and a whole request (type 1, flags 5) as stream 1.
    let settings = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00";
    let request = [&[0, 0, head.len() as u8, 1, 5, 0, 0, 0, 1], &*head].concat();
    stream.write_all(&[&settings[..], &request].concat()).await.expect("the server reads");
    stream
}

async fn read(mut body: RecvStream) -> String {
    let mut bytes = Vec::new();
    while let Some(more) = body.data().await {
        let more = more.expect("a whole answer");
        body.flow_control().release_capacity(more.len()).expect("no more than came");
        bytes.extend_from_slice(&more);
    }
    String::from_utf8(bytes).expect("text")
}
