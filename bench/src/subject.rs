//! The subject of a measurement: a running server, its protocol and its sessions. Runs start it and make plans for crowds.

use anyhow::Result;

use crate::crowd::{CrowdPlan, Mix, Release, Transport};
use crate::dialect::Dialect;
use crate::introduction::introduce;
use crate::server_process::{Environment, Kind, Server};
use crate::session::{self, Session};

/// How many connections are opening at a time where opening them is not measured.
const A_FEW: usize = 256;

/// A running server, its protocol and its sessions.
pub(crate) struct Subject {
    pub(crate) server: Server,
    pub(crate) dialect: Dialect,
    pub(crate) sessions: Vec<Session>,
}

impl Subject {
    /// Starts a server and, if it has sessions, lets this many people join.
    pub(crate) fn start(kind: Kind, environment: &Environment, n_people: usize) -> Result<Self> {
        let server = Server::start(kind, environment)?;
        if kind != Kind::Hubbub {
            return Ok(Self { server, dialect: Dialect::Relay, sessions: Vec::new() });
        }
        let sessions = session::join(server.address, "Bench", n_people)?;
        let room = introduce(server.address, &sessions[0])?.lobby;
        Ok(Self { server, dialect: Dialect::Hubbub { room }, sessions })
    }

    /// When a connection may post again: as soon as the server acknowledges or relays a post.
    pub(crate) fn release(&self) -> Release {
        if self.dialect == Dialect::Relay { Release::AtDelivery } else { Release::AtAck }
    }

    /// The plan of a crowd that opens a few connections at a time, has no sync engines, and posts again as soon as the server
    /// acknowledges or relays a post.
    pub(crate) fn plan(&self, transport: Transport, n_connections: usize, body_bytes: usize) -> CrowdPlan<'_> {
        CrowdPlan {
            server: self.server.address,
            dialect: self.dialect,
            sessions: &self.sessions,
            n_connections,
            at_once: A_FEW,
            n_engines_each: 0,
            body_bytes,
            release: self.release(),
            transport,
            mix: Mix::Posts,
            after: None,
            group: 0,
        }
    }
}
