//! The floor: a server that relays texts over WebSocket by epoll and `send(2)`, without any other work. All texts that one wait
//! brings are framed once, joined, and written to each connection by one call. `--serve-floor` runs it as a process. It has no
//! rooms, stores nothing, checks nothing and never ends by itself.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddrV4;
use std::os::fd::OwnedFd;

use rustix::io::Errno;
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, sockopt};

use crate::frame::{self, Opcode};
use crate::poller::{Interest, Poller, Ready};

const BACKLOG: i32 = 4_096;
const LISTENER: usize = 0;
const READ_BYTES: usize = 64 * 1024;
/// The generator checks no key, so the response has none.
const UPGRADED: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

struct Peer {
    fd: OwnedFd,
    is_upgraded: bool,
    /// The start of a request or frame.
    received: Vec<u8>,
    /// What the kernel didn't take.
    unsent: Vec<u8>,
}

/// Serves until it is killed.
pub(crate) fn serve(address: SocketAddrV4) -> io::Result<()> {
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let listener = rustix::net::socket_with(AddressFamily::INET, SocketType::STREAM, flags, None)?;
    rustix::net::bind(&listener, &address)?;
    rustix::net::listen(&listener, BACKLOG)?;
    let mut poller = Poller::new()?;
    poller.add(&listener, LISTENER, Interest::Read)?;

    let mut peers = HashMap::new();
    let mut n_accepted = LISTENER;
    let (mut ready, mut joined, mut buffer) = (Vec::<Ready>::new(), Vec::new(), vec![0; READ_BYTES]);
    loop {
        poller.wait(&mut ready, None)?;
        for at in &ready {
            if at.token == LISTENER {
                accept(&listener, &poller, &mut peers, &mut n_accepted)?;
                continue;
            }
            let Some(peer) = peers.get_mut(&at.token) else { continue };
            let is_alive = (!at.writable || peer.send_rest(&poller, at.token))
                && (!at.readable || peer.receive(&mut buffer, &mut joined));
            if !is_alive {
                peers.remove(&at.token);
            }
        }
        if !joined.is_empty() {
            peers.retain(|&token, peer| !peer.is_upgraded || peer.send(&joined, &poller, token));
            joined.clear();
        }
    }
}

fn accept(
    listener: &OwnedFd,
    poller: &Poller,
    peers: &mut HashMap<usize, Peer>,
    n_accepted: &mut usize,
) -> io::Result<()> {
    loop {
        let fd = match rustix::net::accept_with(listener, SocketFlags::NONBLOCK | SocketFlags::CLOEXEC) {
            Ok(fd) => fd,
            Err(Errno::AGAIN | Errno::CONNABORTED) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        *n_accepted += 1;
        sockopt::set_tcp_nodelay(&fd, true)?;
        poller.add(&fd, *n_accepted, Interest::Read)?;
        peers.insert(*n_accepted, Peer { fd, is_upgraded: false, received: Vec::new(), unsent: Vec::new() });
    }
}

impl Peer {
    /// Reads what has arrived and appends each text as a frame to `joined`. Returns false once the connection is closed.
    fn receive(&mut self, buffer: &mut [u8], joined: &mut Vec<u8>) -> bool {
        match rustix::net::recv(&self.fd, &mut *buffer, RecvFlags::empty()) {
            Ok((0, _)) => return false,
            Ok((n, _)) => self.received.extend_from_slice(&buffer[..n]),
            Err(error) => return error == Errno::AGAIN,
        }
        if !self.is_upgraded {
            if !self.received.ends_with(b"\r\n\r\n") {
                return true;
            }
            self.received.clear();
            self.is_upgraded = true;
            return rustix::net::send(&self.fd, UPGRADED, SendFlags::NOSIGNAL).is_ok();
        }
        let mut done = 0;
        while let Ok(Some(frame)) = frame::parse(&self.received[done..]) {
            let payload = &mut self.received[done + frame.start..done + frame.end];
            frame::apply_mask(frame.mask.unwrap_or_default(), payload);
            match frame.opcode {
                Opcode::Text => frame::write_plain(Opcode::Text, payload, joined),
                Opcode::Close => return false,
                Opcode::Ping | Opcode::Pong => {}
            }
            done += frame.end;
        }
        self.received.drain(..done);
        true
    }

    /// Sends `bytes` by one call and keeps what the kernel doesn't take. Returns false once the connection is closed.
    fn send(&mut self, bytes: &[u8], poller: &Poller, token: usize) -> bool {
        if !self.unsent.is_empty() {
            self.unsent.extend_from_slice(bytes);
            return true;
        }
        match rustix::net::send(&self.fd, bytes, SendFlags::NOSIGNAL) {
            Ok(n) if n == bytes.len() => return true,
            Ok(n) => self.unsent.extend_from_slice(&bytes[n..]),
            Err(Errno::AGAIN) => self.unsent.extend_from_slice(bytes),
            Err(_) => return false,
        }
        poller.change(&self.fd, token, Interest::ReadAndWrite).is_ok()
    }

    fn send_rest(&mut self, poller: &Poller, token: usize) -> bool {
        match rustix::net::send(&self.fd, &self.unsent, SendFlags::NOSIGNAL) {
            Ok(n) => drop(self.unsent.drain(..n)),
            Err(error) => return error == Errno::AGAIN,
        }
        !self.unsent.is_empty() || poller.change(&self.fd, token, Interest::Read).is_ok()
    }
}
