//! One connection: who serves it now. hyper does, until a tab asks; from then on it is served here, without hyper's
//! buffers and the router's layers, until something else than a tab's plain request comes. Thousands of these stand idle
//! while an ask waits, so what seldom runs is put on the heap when it does.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use futures_util::FutureExt;
use tokio::time::{Instant, timeout, timeout_at};

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
/// `keepalive_timeout`), so that it is them who close it. A server that does may cross a request on its way.
const IDLE_FOR: Duration = Duration::from_secs(75);

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
        let mut idle_for = HEADERS_WITHIN;
        loop {
            if self.hear(&mut wire, idle_for).await.is_err() {
                return;
            }
            let turn = match self.next(&mut wire).await {
                Ok(Next::Turn(turn)) => turn,
                Ok(Next::Http1) => {
                    let serving = self.servers.ordinary.serve_http1(wire, self.peer, &mut self.stop);
                    match Box::pin(serving).await {
                        Some((returned, turn)) => {
                            wire = returned;
                            turn
                        }
                        None => return,
                    }
                }
                Ok(Next::Http2) => {
                    return Box::pin(self.servers.ordinary.serve_http2(wire, self.peer, &mut self.stop)).await;
                }
                Err(Gone) => return,
            };
            if self.take(turn, &mut wire).await.is_err() {
                return;
            }
            idle_for = IDLE_FOR;
        }
    }

    /// Waits until something has come.
    async fn hear(&mut self, wire: &mut Wire, idle_for: Duration) -> Result<(), Gone> {
        if !wire.unread.is_empty() {
            return Ok(());
        }
        tokio::select! {
            biased;
            heard = timeout(idle_for, wire.read()) => heard.unwrap_or(Err(Gone)),
            () = self.stop.stopped() => Err(Gone),
        }
    }

    /// What it is that came.
    async fn next(&self, wire: &mut Wire) -> Result<Next, Gone> {
        match self.look(wire) {
            Ok(next) => Ok(next),
            Err(within) => Box::pin(self.read_on(wire, within)).await,
        }
    }

    /// What it is that came, or how soon the rest must be there.
    fn look(&self, wire: &mut Wire) -> Result<Next, Duration> {
        match plain::see(&wire.unread) {
            Seen::Plain(plain) => {
                let Plain { kind, uri, headers, body, afterwards, n_bytes } = *plain;
                wire.advance(n_bytes);
                let asked = Asked::new(kind, &self.servers.site, self.peer, &uri, &headers, body);
                Ok(Next::Turn(Turn { asked, afterwards }))
            }
            Seen::Http1 => Ok(Next::Http1),
            Seen::Http2 => Ok(Next::Http2),
            Seen::Unclear => Err(HEADERS_WITHIN),
            Seen::Beginning => Err(REQUEST_WITHIN),
        }
    }

    async fn read_on(&self, wire: &mut Wire, mut within: Duration) -> Result<Next, Gone> {
        let since = Instant::now();
        loop {
            match timeout_at(since + within, wire.read()).await {
                Ok(read) => read?,
                Err(_) if within == REQUEST_WITHIN => {
                    let asked = Err(Answer::empty(StatusCode::REQUEST_TIMEOUT));
                    return Ok(Next::Turn(Turn { asked, afterwards: Afterwards::Close }));
                }
                Err(_) => return Err(Gone),
            }
            match self.look(wire) {
                Ok(next) => return Ok(next),
                Err(longer) => within = longer,
            }
        }
    }

    /// Does what a tab asks for, and answers it.
    async fn take(&self, turn: Turn, wire: &mut Wire) -> Result<(), Gone> {
        let answer = match turn.asked {
            Ok(asked) => self.answer(asked, wire).await?,
            Err(refused) => refused,
        };
        let afterwards = if self.stop.is_told() { Afterwards::Close } else { turn.afterwards };
        wire.write(&answer.to_http1(&self.servers.standing, afterwards)).await?;
        match afterwards {
            Afterwards::Stay => Ok(()),
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
