//! Opens all connections at the same moment, as after a restart: how long until all are upgraded, how many fail, and how many
//! the kernel refused because the server did not accept them in time.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use anyhow::Result;
use serde::Serialize;

use crate::handshake;
use crate::kernel::{self, ListenFailures};
use crate::poller::Poller;
use crate::server_process::Server;
use crate::session::Session;
use crate::socket::Socket;

const PATIENCE: Duration = Duration::from_secs(10);
/// The response to an upgrade is a few hundred bytes.
const READ_BYTES: usize = 16 * 1024;
/// An address that crowds don't connect from.
const SOURCE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 99);

#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Handshakes {
    pub(crate) n_at_once: usize,
    pub(crate) n_failed: usize,
    /// Until the last was upgraded.
    pub(crate) took_ms: f64,
    /// By how much the kernel's counters rose.
    pub(crate) listen_failures: ListenFailures,
}

pub(crate) fn run(server: &Server, sessions: &[Session], n: usize) -> Result<Handshakes> {
    let before = kernel::listen_failures()?;
    let started = Instant::now();
    let mut poller = Poller::new()?;
    let mut sockets = Vec::with_capacity(n);
    for (token, session) in sessions.iter().cycle().take(n).enumerate() {
        let mut socket = Socket::connect(&poller, token, server.address, SOURCE)?;
        socket.send(&poller, handshake::request(server.address, Some(session), 0).as_bytes())?;
        sockets.push(Some(socket));
    }

    // A socket leaves the list when it is upgraded or has failed. Upgraded sockets stay open until all are.
    let (mut upgraded, mut n_failed, mut took) = (Vec::with_capacity(n), 0, Duration::ZERO);
    let (mut ready, mut buffer) = (Vec::new(), vec![0; READ_BYTES]);
    while upgraded.len() + n_failed < n && started.elapsed() < PATIENCE {
        poller.wait(&mut ready, Some(Duration::from_millis(100)))?;
        for at in &ready {
            let Some(socket) = &mut sockets[at.token] else { continue };
            let step = if at.writable { socket.flush(&poller) } else { Ok(()) };
            match step
                .map_err(Into::into)
                .and_then(|()| if at.readable { is_upgraded(socket, &mut buffer) } else { Ok(false) })
            {
                Ok(false) => {}
                Ok(true) => {
                    upgraded.push(sockets[at.token].take());
                    took = started.elapsed();
                }
                Err(_) => {
                    sockets[at.token] = None;
                    n_failed += 1;
                }
            }
        }
    }
    let after = kernel::listen_failures()?;
    Ok(Handshakes {
        n_at_once: n,
        n_failed: n - upgraded.len(),
        took_ms: took.as_secs_f64() * 1e3,
        listen_failures: ListenFailures {
            overflows: after.overflows - before.overflows,
            drops: after.drops - before.drops,
        },
    })
}

fn is_upgraded(socket: &mut Socket, buffer: &mut [u8]) -> Result<bool> {
    let filled = socket.read(buffer)?;
    let end = handshake::end_of_response(&buffer[..filled])?;
    if end.is_none() {
        socket.keep(&buffer[..filled]);
    }
    Ok(end.is_some())
}
