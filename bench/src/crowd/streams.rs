//! Sends many requests as streams of a few HTTP/2 connections, as a proxy does with the requests of many browsers. The crowd
//! gives it requests and takes the responses by their tokens. It doesn't know what they contain.

use std::collections::VecDeque;
use std::net::SocketAddrV4;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use h2::Ping;
use h2::client::{SendRequest, handshake};
use http::{Request, StatusCode};
use tokio::io::join;
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinSet, yield_now};
use tokio_util::io::{InspectReader, InspectWriter};

use super::token::POSTING;

/// The HTTP/2 connections of a crowd.
pub(super) struct Streams {
    /// Runs in this thread, at each step of the crowd.
    runtime: Runtime,
    server: SocketAddrV4,
    /// Opened one after the other, each when those before it are full.
    connections: Vec<SendRequest<Bytes>>,
    /// How many polls each connection carries. One more stream is left for posts.
    n_polls_each: usize,
    under_way: JoinSet<Result<StreamResponse>>,
    responses: VecDeque<StreamResponse>,
    n_bytes: Arc<AtomicU64>,
}

/// The response to one request.
pub(super) struct StreamResponse {
    /// The token that the request was given with.
    pub(super) token: usize,
    /// Empty if the response has no body.
    pub(super) body: Vec<u8>,
}

impl Streams {
    /// Connects to a server and reads how many streams it allows on a connection.
    pub(super) fn to(server: SocketAddrV4) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_io().build()?;
        let n_bytes = Arc::new(AtomicU64::new(0));
        let first = runtime.block_on(connect(server, &n_bytes))?;
        let n_polls_each = first.current_max_send_streams().saturating_sub(1);
        ensure!(n_polls_each > 0, "the server allows too few streams on a connection");
        let connections = vec![first];
        let (under_way, responses) = (JoinSet::new(), VecDeque::new());
        Ok(Self { runtime, server, connections, n_polls_each, under_way, responses, n_bytes })
    }

    /// Sends a request. Connections of a crowd with neighbouring tokens share an HTTP/2 connection.
    pub(super) fn request(&mut self, token: usize, request: Request<Bytes>) -> Result<()> {
        let place = (token & !POSTING) / self.n_polls_each;
        while self.connections.len() <= place {
            self.connections.push(self.runtime.block_on(connect(self.server, &self.n_bytes))?);
        }
        let response = respond(self.connections[place].clone(), token, request);
        self.under_way.spawn_on(response, self.runtime.handle());
        Ok(())
    }

    /// Sends and receives what can be without waiting, and returns whether there are responses.
    pub(super) fn poll(&mut self) -> Result<bool> {
        self.runtime.block_on(yield_now());
        while let Some(response) = self.under_way.try_join_next() {
            self.responses.push_back(response??);
        }
        Ok(!self.responses.is_empty())
    }

    /// Takes the oldest response.
    pub(super) fn next(&mut self) -> Option<StreamResponse> {
        self.responses.pop_front()
    }

    pub(super) fn n_polls_each(&self) -> usize {
        self.n_polls_each
    }

    /// Bytes that the connections have carried, in both directions.
    pub(super) fn n_bytes(&self) -> u64 {
        self.n_bytes.load(Ordering::Relaxed)
    }
}

async fn connect(server: SocketAddrV4, n_bytes: &Arc<AtomicU64>) -> Result<SendRequest<Bytes>> {
    let stream = TcpStream::connect(server).await.context("connecting")?;
    stream.set_nodelay(true)?;
    let (reader, writer) = stream.into_split();
    let count = || {
        let n_bytes = Arc::clone(n_bytes);
        move |bytes: &[u8]| {
            n_bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        }
    };
    let stream = join(InspectReader::new(reader, count()), InspectWriter::new(writer, count()));
    let (requests, mut connection) = handshake(stream).await?;
    let mut pings = connection.ping_pong().context("the handle for pings is taken once")?;
    // When the connection fails, the requests on it fail too.
    tokio::spawn(connection);
    // A server's settings are its first frame, so the number of streams is known once the ping is answered.
    pings.ping(Ping::opaque()).await?;
    Ok(requests)
}

async fn respond(requests: SendRequest<Bytes>, token: usize, request: Request<Bytes>) -> Result<StreamResponse> {
    let (head, body) = request.into_parts();
    let mut requests = requests.ready().await?;
    let (response, mut sending) = requests.send_request(Request::from_parts(head, ()), false)?;
    sending.send_data(body, true)?;
    let (head, mut body) = response.await?.into_parts();
    let mut bytes = Vec::new();
    while let Some(more) = body.data().await {
        let more = more?;
        body.flow_control().release_capacity(more.len())?;
        bytes.extend_from_slice(&more);
    }
    let is_expected = matches!(head.status, StatusCode::OK | StatusCode::NO_CONTENT);
    ensure!(is_expected, "the server answered {}: {}", head.status, String::from_utf8_lossy(&bytes));
    Ok(StreamResponse { token, body: bytes })
}
