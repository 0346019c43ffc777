//! Requests as streams of a few connections, over HTTP/2 from the first byte: what a proxy makes of those of many
//! browsers. The crowd hands requests over and takes the answers by their tokens; nothing here knows what they say.

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

use super::over_http::SAYING;

/// See the module.
pub(super) struct Streams {
    /// Of this thread: it runs whenever the crowd turns.
    runtime: Runtime,
    server: SocketAddrV4,
    /// Opened one after the other, each when the ones before it are full.
    connections: Vec<SendRequest<Bytes>>,
    /// On each connection; one stream more is left for what is said.
    n_asks_each: usize,
    under_way: JoinSet<Result<Answered>>,
    answers: VecDeque<Answered>,
    n_bytes: Arc<AtomicU64>,
}

/// What one request was answered.
pub(super) struct Answered {
    /// As it was given.
    pub(super) token: usize,
    /// Empty when there was nothing to say.
    pub(super) body: Vec<u8>,
}

impl Streams {
    /// Connects to a server, and hears how many streams it allows on a connection.
    pub(super) fn to(server: SocketAddrV4) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_io().build()?;
        let n_bytes = Arc::new(AtomicU64::new(0));
        let first = runtime.block_on(connect(server, &n_bytes))?;
        let n_asks_each = first.current_max_send_streams().saturating_sub(1);
        ensure!(n_asks_each > 0, "the server allows too few streams on a connection");
        let connections = vec![first];
        let (under_way, answers) = (JoinSet::new(), VecDeque::new());
        Ok(Self { runtime, server, connections, n_asks_each, under_way, answers, n_bytes })
    }

    /// Makes a request. Neighbours share a connection.
    pub(super) fn request(&mut self, token: usize, request: Request<Bytes>) -> Result<()> {
        let place = (token & !SAYING) / self.n_asks_each;
        while self.connections.len() <= place {
            self.connections.push(self.runtime.block_on(connect(self.server, &self.n_bytes))?);
        }
        let answer = answer(self.connections[place].clone(), token, request);
        self.under_way.spawn_on(answer, self.runtime.handle());
        Ok(())
    }

    /// Sends and takes what can be now, and says whether there are answers.
    pub(super) fn turn(&mut self) -> Result<bool> {
        self.runtime.block_on(yield_now());
        while let Some(answered) = self.under_way.try_join_next() {
            self.answers.push_back(answered??);
        }
        Ok(!self.answers.is_empty())
    }

    /// The next answer, the oldest first.
    pub(super) fn next(&mut self) -> Option<Answered> {
        self.answers.pop_front()
    }

    pub(super) fn n_asks_each(&self) -> usize {
        self.n_asks_each
    }

    /// What its connections have carried, both ways.
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
    let mut pings = connection.ping_pong().context("nobody else has asked for it")?;
    // Should it fail, so do the requests on it.
    tokio::spawn(connection);
    // What a server allows is the first that it says, so it is known when something is answered.
    pings.ping(Ping::opaque()).await?;
    Ok(requests)
}

async fn answer(requests: SendRequest<Bytes>, token: usize, request: Request<Bytes>) -> Result<Answered> {
    let (head, body) = request.into_parts();
    let mut requests = requests.ready().await?;
    let (answering, mut sending) = requests.send_request(Request::from_parts(head, ()), false)?;
    sending.send_data(body, true)?;
    let (head, mut body) = answering.await?.into_parts();
    let mut bytes = Vec::new();
    while let Some(more) = body.data().await {
        let more = more?;
        body.flow_control().release_capacity(more.len())?;
        bytes.extend_from_slice(&more);
    }
    let is_answer = matches!(head.status, StatusCode::OK | StatusCode::NO_CONTENT);
    ensure!(is_answer, "the server answered {}: {}", head.status, String::from_utf8_lossy(&bytes));
    Ok(Answered { token, body: bytes })
}
