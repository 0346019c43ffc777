//! A server that is measured, and how it is spoken to. Runs start it and make plans for its crowds.

use anyhow::Result;

use crate::crowd::{Plan, Release, Transport};
use crate::dialect::Dialect;
use crate::introduction::introduce;
use crate::server_process::{Kind, Places, Server};
use crate::session::{self, Session};

/// Most connections that are on their way into the room at a time, where coming in is not what is measured.
const A_FEW: usize = 256;

/// A running server, and who may connect to it.
pub(crate) struct Subject {
    pub(crate) server: Server,
    pub(crate) dialect: Dialect,
    pub(crate) sessions: Vec<Session>,
}

impl Subject {
    /// Starts a server and, where it wants to know people, has so many join.
    pub(crate) fn start(kind: Kind, places: &Places, n_people: usize) -> Result<Self> {
        let server = Server::start(kind, places)?;
        if kind != Kind::Hubbub {
            return Ok(Self { server, dialect: Dialect::Relay, sessions: Vec::new() });
        }
        let sessions = session::join(server.address, "Bench", n_people)?;
        let room = introduce(server.address, &sessions[0])?.lobby;
        Ok(Self { server, dialect: Dialect::Hubbub { room }, sessions })
    }

    /// A crowd that comes a few at a time, is driven by no engine, and posts again as soon as its server says so.
    pub(crate) fn plan(&self, transport: Transport, n_connections: usize, body_bytes: usize) -> Plan<'_> {
        Plan {
            server: self.server.address,
            dialect: self.dialect,
            sessions: &self.sessions,
            n_connections,
            at_once: A_FEW,
            n_engines_each: 0,
            body_bytes,
            release: if self.dialect == Dialect::Relay { Release::AtDelivery } else { Release::AtAck },
            transport,
        }
    }
}
