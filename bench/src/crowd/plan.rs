//! The plan of a crowd: how many connections, over which transport, as whom. Scenarios write it and `gather` follows it.

use std::net::SocketAddrV4;

use anyhow::Result;
use clap::ValueEnum;
use hubbub_protocol::Cursor;
use serde::Serialize;

use super::pilot::Pilot;
use crate::dialect::Dialect;
use crate::introduction::introduce;
use crate::session::Session;

/// When a connection that has posted may post again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Release {
    /// When its message is acknowledged, which means that it is on the disk.
    AtAck,
    /// When its own message has come back to it, which happens at every server.
    AtDelivery,
}

/// Which operations the connections send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mix {
    /// Posts only.
    Posts,
    /// Two posts, an edit and a reaction, in turn. Connections with a sync engine only post.
    Operations,
}

/// How a connection receives and posts messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Transport {
    /// Both over one socket.
    WebSocket,
    /// Requests that wait for a message, one after the other.
    LongPolling,
    /// The same requests as streams of a few HTTP/2 connections, as a proxy sends the requests of many browsers.
    LongPollingHttp2,
    /// A request every five seconds that doesn't wait.
    #[value(skip)]
    Polling,
    /// A response that never ends, with a line for each message, as the blocking servers give.
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

/// The plan of a crowd.
pub(crate) struct CrowdPlan<'a> {
    pub(crate) server: SocketAddrV4,
    pub(crate) dialect: Dialect,
    /// The sessions, which the connections use in turn; empty for a server without sessions.
    pub(crate) sessions: &'a [Session],
    pub(crate) n_connections: usize,
    /// How many connections may be opening at a time.
    pub(crate) at_once: usize,
    /// How many of the first connections, which post, and how many of the last, which only listen, are driven by the sync
    /// engine.
    pub(crate) n_engines_each: usize,
    pub(crate) body_bytes: usize,
    pub(crate) release: Release,
    pub(crate) transport: Transport,
    pub(crate) mix: Mix,
    /// The cursor with which connections without an engine come; None for connections that come for the first time.
    pub(crate) after: Option<Cursor>,
    /// The floor's group of connections that get each other's texts. 0 at other servers.
    pub(crate) group: u32,
}

impl CrowdPlan<'_> {
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
