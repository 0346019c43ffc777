//! A client that sends requests over one HTTP/2 connection without an upgrade, as a proxy does.

use axum::body::Bytes;
use axum::http::Request;
use h2::RecvStream;
use h2::client::{SendRequest, handshake};
use tokio::time::timeout;

use super::PATIENCE;
use super::http::HttpResponse;
use super::person::Person;
use super::tcp::connect;

#[derive(Clone)]
pub(crate) struct Http2 {
    person: Person,
    requests: SendRequest<Bytes>,
}

impl Http2 {
    pub(crate) async fn connect(person: &Person) -> Self {
        let stream = connect(person.site.address).await.expect("the server listens");
        let (requests, connection) = handshake(stream).await.expect("HTTP/2");
        // The requests report errors of the connection, so its own result is dropped.
        tokio::spawn(async move { drop(connection.await) });
        Self { person: person.clone(), requests }
    }

    /// Returns the status of `GET /healthz` with the given `:authority` and, if given, a `Host` header.
    pub(crate) async fn status_with_hosts(&self, authority: &str, host: Option<&str>) -> u16 {
        let mut request = Request::get(format!("http://{authority}/healthz"));
        if let Some(host) = host {
            request = request.header("host", host);
        }
        let mut requests = self.requests.clone().ready().await.expect("an open connection");
        let (answering, _) = requests.send_request(request.body(()).expect("a request"), true).expect("a stream");
        timeout(PATIENCE, answering).await.expect("an answer in time").expect("an answer").status().as_u16()
    }

    /// Posts a text with the person's cookie and the given origin. Returns the response.
    pub(crate) async fn post(&self, path: &str, origin: &str, text: String) -> HttpResponse {
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
        HttpResponse { status: head.status.as_u16(), headers, body }
    }
}

async fn read(mut body: RecvStream) -> String {
    let mut bytes = Vec::new();
    while let Some(more) = body.data().await {
        let more = more.expect("a complete response");
        body.flow_control().release_capacity(more.len()).expect("the capacity of received bytes");
        bytes.extend_from_slice(&more);
    }
    String::from_utf8(bytes).expect("text")
}
