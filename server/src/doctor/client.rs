//! Asks: a request, and its answer as it comes, byte for byte; nothing is followed, decoded or tried again. Used by every
//! check.

use std::time::Duration;

use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::header::{HOST, HeaderName, RETRY_AFTER, USER_AGENT};
use hyper::{HeaderMap, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::error::{Error, UrlError};

use super::Target;
use super::connect::{Connector, Wire};
use super::request_error::RequestError;

/// What is not slow on purpose has answered by then.
const ANSWERED_WITHIN: Duration = Duration::from_secs(15);
/// The most that is read of an answer.
const MAX_TEXT_BYTES: usize = 1024 * 1024;

/// Sends requests to one server, each over a connection of its own.
pub(super) struct Client {
    pub(super) target: Target,
    connector: Connector,
}

/// An answer whose body may still be on its way.
pub(super) struct ProbeResponse {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    body: Incoming,
}

/// What became of a handshake.
pub(super) enum Handshake {
    Open(Box<WebSocketStream<Box<dyn Wire>>>),
    /// Answered, but not with a socket.
    Refused(StatusCode, HeaderMap),
    Failed(RequestError),
}

impl Client {
    pub(super) fn new(target: Target) -> Result<Self, RequestError> {
        Ok(Self { connector: Connector::new(&target)?, target })
    }

    pub(super) async fn get(&self, path: &str, headers: &[(HeaderName, &str)]) -> Result<ProbeResponse, RequestError> {
        self.get_slow(path, headers, ANSWERED_WITHIN).await
    }

    /// A request whose answer is to begin within a time.
    pub(super) async fn get_slow(
        &self,
        path: &str,
        headers: &[(HeaderName, &str)],
        within: Duration,
    ) -> Result<ProbeResponse, RequestError> {
        let mut request = Request::get(path)
            .header(HOST, &self.target.authority)
            .header(USER_AGENT, concat!("hubbub-doctor/", env!("CARGO_PKG_VERSION")));
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let request = request.body(Empty::<Bytes>::new()).expect("fixed paths and headers make a request");
        let wire = self.connector.connect(&self.target).await?;
        timeout(within, ask(wire, request)).await.unwrap_or(Err(RequestError::TookTooLong(within.as_secs())))
    }

    /// Asks for a WebSocket of one subprotocol, as a program does that is no browser.
    pub(super) async fn open(&self, path: &str, subprotocol: &'static str) -> Handshake {
        let scheme = if self.target.is_https { "wss" } else { "ws" };
        let url = format!("{scheme}://{}{path}", self.target.authority);
        let mut request = url.into_client_request().expect("a host that was parsed before makes a URL");
        request.headers_mut().insert("sec-websocket-protocol", subprotocol.parse().expect("a fixed text is a header"));
        let wire = match self.connector.connect(&self.target).await {
            Ok(wire) => wire,
            Err(error) => return Handshake::Failed(error),
        };
        match timeout(ANSWERED_WITHIN, tokio_tungstenite::client_async(request, wire)).await {
            Ok(Ok((socket, _))) => Handshake::Open(Box::new(socket)),
            Ok(Err(Error::Http(answer))) => Handshake::Refused(answer.status(), answer.headers().clone()),
            Ok(Err(Error::Url(UrlError::UnableToConnect(_)) | Error::Io(_) | Error::ConnectionClosed)) => {
                Handshake::Failed(RequestError::Cut)
            }
            Ok(Err(_)) => Handshake::Failed(RequestError::NoHttp),
            Err(_) => Handshake::Failed(RequestError::TookTooLong(ANSWERED_WITHIN.as_secs())),
        }
    }
}

async fn ask(wire: Box<dyn Wire>, request: Request<Empty<Bytes>>) -> Result<ProbeResponse, RequestError> {
    let shaken = hyper::client::conn::http1::handshake(TokioIo::new(wire)).await;
    let (mut sender, connection) = shaken.map_err(|error| RequestError::in_http(&error))?;
    // It ends with the answer, and what failed in it the answer says too.
    tokio::spawn(connection);
    let answer = sender.send_request(request).await.map_err(|error| RequestError::in_http(&error))?;
    let (parts, body) = answer.into_parts();
    Ok(ProbeResponse { status: parts.status, headers: parts.headers, body })
}

impl ProbeResponse {
    /// A header's value, or nothing.
    pub(super) fn header(&self, name: HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The next bytes, as soon as they are there; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, RequestError> {
        while let Some(frame) = self.body.frame().await {
            if let Ok(bytes) = frame.map_err(|error| RequestError::in_http(&error))?.into_data() {
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }

    /// All of it, as far as anyone wants to read.
    pub(super) async fn text(mut self) -> Result<String, RequestError> {
        let all = async {
            let mut text = Vec::new();
            while let Some(bytes) = self.next().await? {
                text.extend_from_slice(&bytes);
                if text.len() > MAX_TEXT_BYTES {
                    break;
                }
            }
            Ok(String::from_utf8_lossy(&text).into_owned())
        };
        timeout(ANSWERED_WITHIN, all).await.unwrap_or(Err(RequestError::TookTooLong(ANSWERED_WITHIN.as_secs())))
    }

    /// Whether Hubbub has as many probes as it takes.
    pub(super) fn is_busy(&self) -> bool {
        is_busy(self.status, &self.headers)
    }
}

/// See [`ProbeResponse::is_busy`].
pub(super) fn is_busy(status: StatusCode, headers: &HeaderMap) -> bool {
    status == StatusCode::SERVICE_UNAVAILABLE && headers.contains_key(RETRY_AFTER)
}
