//! One connection: who serves it now. Plain requests of a tab are answered here; from whatever else comes until a tab
//! asks again, hyper has it. Thousands of these stand idle while an ask waits, so what seldom runs is put on the heap
//! when it does.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use futures_util::FutureExt;
use tokio::time::{Instant, timeout_at};

use super::handover::Turn;
use super::ordinary::{HEADERS_WITHIN, Ordinary};
use super::plain::{self, Plain, Seen};
use super::stop::Stop;
use super::wire::{Gone, Wire};
use crate::http::address::Peer;
use crate::http::answer::{Afterwards, Answer};
use crate::http::polls::{Asked, REQUEST_WITHIN};
use crate::http::{Site, headers};

/// Between two requests of a tab: longer than browsers and proxies keep a connection that they don't use (nginx: 60 s,
/// `keepalive_timeout`), so that it is them who close it. A server that does may cross a request on its way. For HTTP/2, of
/// anyone: without a request under way.
pub(super) const IDLE_FOR: Duration = Duration::from_secs(75);

/// What serves connections, the same for all.
pub(in crate::http) struct Servers {
    site: Arc<Site>,
    ordinary: Ordinary,
    /// The headers of every answer, as they are written.
    standing: Vec<u8>,
}

/// See the module.
pub(in crate::http) struct Connection {
    servers: Arc<Servers>,
    peer: Peer,
    stop: Stop,
}

/// What a connection has come to.
enum Next {
    Turn(Turn),
    Http1,
    Http2,
}

/// What has not come yet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Missing {
    /// Enough to say what it is.
    Head,
    /// The rest of a request that has so many bytes.
    Body { n_bytes: usize },
}

impl Servers {
    pub(in crate::http) fn new(site: Arc<Site>, router: Router) -> Arc<Self> {
        let standing = headers::standing(&site);
        Arc::new(Self { site, ordinary: Ordinary::new(router), standing })
    }
}

impl Connection {
    pub(in crate::http) fn new(servers: Arc<Servers>, address: IpAddr, stop: Stop) -> Self {
        Self { servers, peer: Peer(address.to_canonical()), stop }
    }

    /// Serves it until it ends, or is another's: a WebSocket's.
    pub(in crate::http) async fn serve(mut self, mut wire: Wire) {
        let mut heard_by = Instant::now() + HEADERS_WITHIN;
        // A head must be there so long after it has begun, the first of all so long after the connection has.
        let mut first_head_by = Some(heard_by);
        loop {
            if self.hear(&mut wire, heard_by).await.is_err() {
                return;
            }
            let head_by = first_head_by.take().unwrap_or_else(|| Instant::now() + HEADERS_WITHIN);
            let turn = match self.next(&mut wire, head_by).await {
                Ok(Next::Turn(turn)) => turn,
                Ok(Next::Http1) => {
                    let serving = self.servers.ordinary.serve_http1(wire, self.peer, head_by, &mut self.stop);
                    match Box::pin(serving).await {
                        Some((returned, turn)) => {
                            wire = returned;
                            turn
                        }
                        None => return,
                    }
                }
                Ok(Next::Http2) => {
                    let serving = self.servers.ordinary.serve_http2(wire, self.peer, head_by, &mut self.stop);
                    return Box::pin(serving).await;
                }
                Err(Gone) => return,
            };
            let Ok(kept_for) = self.take(turn, &mut wire).await else { return };
            heard_by = Instant::now() + kept_for;
        }
    }

    /// Waits until something has come.
    async fn hear(&mut self, wire: &mut Wire, by: Instant) -> Result<(), Gone> {
        if !wire.unread.is_empty() {
            return Ok(());
        }
        tokio::select! {
            biased;
            heard = timeout_at(by, wire.read()) => heard.unwrap_or(Err(Gone)),
            () = self.stop.stopped() => Err(Gone),
        }
    }

    /// What it is that came.
    async fn next(&self, wire: &mut Wire, head_by: Instant) -> Result<Next, Gone> {
        match self.look(wire) {
            Ok(next) => Ok(next),
            Err(missing) => Box::pin(self.read_on(wire, missing, head_by)).await,
        }
    }

    /// What it is that came, or what is missing to say so.
    fn look(&self, wire: &mut Wire) -> Result<Next, Missing> {
        match plain::see(&wire.unread) {
            Seen::Plain(plain) => {
                let Plain { kind, uri, headers, body, afterwards, n_bytes } = *plain;
                wire.advance(n_bytes);
                let asked = Asked::new(kind, &self.servers.site, self.peer, &uri, &headers, body);
                Ok(Next::Turn(Turn { asked, afterwards }))
            }
            Seen::Http1 => Ok(Next::Http1),
            Seen::Http2 => Ok(Next::Http2),
            Seen::Unclear => Err(Missing::Head),
            Seen::Beginning { n_bytes } => Err(Missing::Body { n_bytes }),
        }
    }

    async fn read_on(&self, wire: &mut Wire, mut missing: Missing, head_by: Instant) -> Result<Next, Gone> {
        let body_by = Instant::now() + REQUEST_WITHIN;
        loop {
            let by = if missing == Missing::Head { head_by } else { body_by };
            match (timeout_at(by, wire.read()).await, missing) {
                (Err(_), Missing::Head) => return Err(Gone),
                (Err(_), Missing::Body { .. }) => {
                    let asked = Err(Answer::empty(StatusCode::REQUEST_TIMEOUT));
                    return Ok(Next::Turn(Turn { asked, afterwards: Afterwards::Close }));
                }
                (Ok(read), Missing::Body { n_bytes }) if wire.unread.len() < n_bytes => read?,
                (Ok(read), _) => {
                    read?;
                    match self.look(wire) {
                        Ok(next) => return Ok(next),
                        Err(still) => missing = still,
                    }
                }
            }
        }
    }

    /// Does what a tab asks for, and answers it. Says how long the connection is kept for the next request: who was sent
    /// away holds it no longer than anyone may.
    async fn take(&self, turn: Turn, wire: &mut Wire) -> Result<Duration, Gone> {
        let (answer, kept_for) = match turn.asked {
            Ok(asked) => (self.answer(asked, wire).await?, IDLE_FOR),
            Err(refused) => (refused, HEADERS_WITHIN),
        };
        let afterwards = if self.stop.is_told() { Afterwards::Close } else { turn.afterwards };
        let bytes = answer.to_http1(&self.servers.standing, afterwards);
        // It may be as long again, and who reads it may be slow.
        drop(answer);
        wire.write(&bytes).await?;
        match afterwards {
            Afterwards::Stay => Ok(kept_for),
            Afterwards::Close => Err(Gone),
        }
    }

    /// The answer, unless the peer goes while it is waited for.
    async fn answer(&self, asked: Asked, wire: &Wire) -> Result<Answer, Gone> {
        let answering = AssertUnwindSafe(asked.answer(&self.servers.site)).catch_unwind();
        tokio::select! {
            biased;
            answer = answering => Ok(answer.unwrap_or_else(|_| Answer::panicked())),
            () = wire.left() => Err(Gone),
        }
    }
}
