//! Who makes up a crowd. Scenarios write it, gathering follows it.

use std::net::SocketAddrV4;

use anyhow::Result;
use clap::ValueEnum;
use serde::Serialize;

use super::pilot::Pilot;
use crate::dialect::Dialect;
use crate::introduction::introduce;
use crate::session::Session;

/// When a connection that has posted may post again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Release {
    /// Once it is told that its message is on the disk.
    AtAck,
    /// Once its own message has reached it like everyone else's, which every server can be asked for.
    AtDelivery,
}

/// How a connection is told of what is new, and how it says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Transport {
    /// Both ways over one socket.
    WebSocket,
    /// A request that waits for its answer; then the next one.
    LongPolling,
    /// The same as streams of a few connections over HTTP/2: what a proxy makes of the requests of many.
    LongPollingHttp2,
    /// A request every few seconds that doesn't wait.
    #[value(skip)]
    Polling,
    /// An answer that never ends, a line a message: what the old web's servers give.
    #[value(skip)]
    Stream,
}

impl Transport {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::WebSocket => "WebSocket",
            Self::LongPolling => "long polling",
            Self::LongPollingHttp2 => "long polling over HTTP/2",
            Self::Polling => "polling",
            Self::Stream => "stream",
        }
    }
}

pub(crate) struct Plan<'a> {
    pub(crate) server: SocketAddrV4,
    pub(crate) dialect: Dialect,
    /// Handed out in turn, where the server wants any.
    pub(crate) sessions: &'a [Session],
    pub(crate) n_connections: usize,
    /// Most that are on their way into the room at a time.
    pub(crate) at_once: usize,
    /// The first so many connections, which are the ones that post, and the last so many, which only listen, are
    /// driven by the sync engine.
    pub(crate) n_engines_each: usize,
    pub(crate) body_bytes: usize,
    pub(crate) release: Release,
    pub(crate) transport: Transport,
}

impl Plan<'_> {
    pub(crate) fn session_of(&self, connection: usize) -> Option<&Session> {
        self.sessions.get(connection.checked_rem(self.sessions.len())?)
    }

    pub(crate) fn pilot_of(&self, connection: usize) -> Result<Option<Pilot>> {
        let is_piloted = connection < self.n_engines_each || connection + self.n_engines_each >= self.n_connections;
        match (self.dialect, self.session_of(connection)) {
            (Dialect::Hubbub { room }, Some(session)) if is_piloted => {
                Ok(Some(Pilot::new(introduce(self.server, session)?.you, room)))
            }
            _ => Ok(None),
        }
    }
}
