//! An HTTP client for the checks. It returns each response as it was received: it follows no redirect, decompresses no
//! body, and retries no request.

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

use super::ServerUrl;
use super::connect::{ByteStream, Connector};
use super::request_error::RequestError;

/// Timeout of a response that is not slow on purpose.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(15);
/// [`ProbeResponse::text`] stops reading a body that is longer than this.
const MAX_TEXT_BYTES: usize = 1024 * 1024;

/// Sends requests to one server. Each request opens a new connection.
pub(super) struct Client {
    pub(super) url: ServerUrl,
    connector: Connector,
}

/// The status and headers of a response, and its body, which may not have arrived yet.
pub(super) struct ProbeResponse {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    body: Incoming,
}

/// The result of a WebSocket handshake.
pub(super) enum Handshake {
    /// The WebSocket is open.
    Open(Box<WebSocketStream<Box<dyn ByteStream>>>),
    /// The response has this status, which is not 101, and these headers.
    Refused(StatusCode, HeaderMap),
    /// There was no response, or none that completes the handshake.
    Failed(RequestError),
}

impl Client {
    /// Creates a client for a server. Opens no connection yet.
    ///
    /// # Errors
    /// [`RequestError::NoAuthorities`] for an `https` URL, if the machine trusts no certificate authority.
    pub(super) fn new(url: ServerUrl) -> Result<Self, RequestError> {
        Ok(Self { connector: Connector::new(&url)?, url })
    }

    /// Sends a GET request and returns the response when its headers have arrived.
    ///
    /// # Errors
    /// Why the request has no response; [`RequestError::ResponseTimeout`] after [`RESPONSE_TIMEOUT`].
    pub(super) async fn get(&self, path: &str, headers: &[(HeaderName, &str)]) -> Result<ProbeResponse, RequestError> {
        self.get_with_timeout(path, headers, RESPONSE_TIMEOUT).await
    }

    /// Sends a GET request like [`Client::get`], with a timeout of its own. The time to connect does not count.
    ///
    /// # Errors
    /// Why the request has no response; [`RequestError::ResponseTimeout`] after `time`.
    pub(super) async fn get_with_timeout(
        &self,
        path: &str,
        headers: &[(HeaderName, &str)],
        time: Duration,
    ) -> Result<ProbeResponse, RequestError> {
        let mut request = Request::get(path)
            .header(HOST, &self.url.authority)
            .header(USER_AGENT, concat!("hubbub-doctor/", env!("CARGO_PKG_VERSION")));
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let request = request.body(Empty::<Bytes>::new()).expect("fixed paths and headers make a request");
        let stream = self.connector.connect(&self.url).await?;
        timeout(time, send(stream, request)).await.unwrap_or(Err(RequestError::ResponseTimeout(time.as_secs())))
    }

    /// Opens a WebSocket with a subprotocol. The request has no `Origin` header, unlike a browser's.
    pub(super) async fn open(&self, path: &str, subprotocol: &'static str) -> Handshake {
        let scheme = if self.url.is_https { "wss" } else { "ws" };
        let websocket_url = format!("{scheme}://{}{path}", self.url.authority);
        let mut request = websocket_url.into_client_request().expect("a parsed host makes a URL");
        request.headers_mut().insert("sec-websocket-protocol", subprotocol.parse().expect("a fixed text is a header"));
        let stream = match self.connector.connect(&self.url).await {
            Ok(stream) => stream,
            Err(error) => return Handshake::Failed(error),
        };
        match timeout(RESPONSE_TIMEOUT, tokio_tungstenite::client_async(request, stream)).await {
            Ok(Ok((socket, _))) => Handshake::Open(Box::new(socket)),
            Ok(Err(Error::Http(response))) => Handshake::Refused(response.status(), response.headers().clone()),
            Ok(Err(Error::Url(UrlError::UnableToConnect(_)) | Error::Io(_) | Error::ConnectionClosed)) => {
                Handshake::Failed(RequestError::ConnectionClosed)
            }
            Ok(Err(_)) => Handshake::Failed(RequestError::NotHttp),
            Err(_) => Handshake::Failed(RequestError::ResponseTimeout(RESPONSE_TIMEOUT.as_secs())),
        }
    }
}

async fn send(stream: Box<dyn ByteStream>, request: Request<Empty<Bytes>>) -> Result<ProbeResponse, RequestError> {
    let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(|error| RequestError::from_http(&error))?;
    // The task ends with the response. The response or its body returns the connection's error too.
    tokio::spawn(connection);
    let response = sender.send_request(request).await.map_err(|error| RequestError::from_http(&error))?;
    let (parts, body) = response.into_parts();
    Ok(ProbeResponse { status: parts.status, headers: parts.headers, body })
}

impl ProbeResponse {
    /// Returns the value of a header; an empty text if the header is missing or not ASCII text.
    pub(super) fn header(&self, name: HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Waits for the next bytes of the body and returns them; `None` at the end of the body.
    ///
    /// # Errors
    /// [`RequestError::ConnectionClosed`] or [`RequestError::NotHttp`] if the connection fails before the end of the body.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, RequestError> {
        while let Some(frame) = self.body.frame().await {
            if let Ok(bytes) = frame.map_err(|error| RequestError::from_http(&error))?.into_data() {
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }

    /// Returns the body as text, with invalid UTF-8 replaced. Stops reading when the text exceeds [`MAX_TEXT_BYTES`].
    ///
    /// # Errors
    /// The errors of [`ProbeResponse::next`], and [`RequestError::ResponseTimeout`] after [`RESPONSE_TIMEOUT`].
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
        timeout(RESPONSE_TIMEOUT, all).await.unwrap_or(Err(RequestError::ResponseTimeout(RESPONSE_TIMEOUT.as_secs())))
    }

    /// Whether the server refused the probe because too many probes are in progress.
    pub(super) fn is_busy(&self) -> bool {
        is_busy(self.status, &self.headers)
    }
}

/// Whether a response with this status and these headers refuses a probe because too many are in progress: Hubbub then
/// sends 503 with `Retry-After`.
pub(super) fn is_busy(status: StatusCode, headers: &HeaderMap) -> bool {
    status == StatusCode::SERVICE_UNAVAILABLE && headers.contains_key(RETRY_AFTER)
}
