//! The floor: a server that relays texts over WebSocket by epoll and `send(2)`, without any other work. All texts that one wait
//! brings are framed once, joined, and written to each connection of their group by one call. `--serve-floor` runs it as a
//! process. It stores nothing, checks nothing and never ends by itself.

use std::collections::BTreeMap;
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
    /// The connections that get each other's texts. None before the upgrade, whose path names the group.
    group: Option<u32>,
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

    let mut peers = Peers { by_token: vec![None], groups: BTreeMap::new() };
    // The texts of one wait, by group.
    let mut joined: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
    let (mut ready, mut buffer) = (Vec::<Ready>::new(), vec![0; READ_BYTES]);
    loop {
        poller.wait(&mut ready, None)?;
        for at in &ready {
            if at.token == LISTENER {
                peers.accept(&listener, &poller)?;
                continue;
            }
            let Some(peer) = &mut peers.by_token[at.token] else { continue };
            let had_group = peer.group.is_some();
            let is_alive = (!at.writable || peer.send_rest(&poller, at.token))
                && (!at.readable || peer.receive(&mut buffer, &mut joined));
            match peer.group.filter(|_| !had_group) {
                _ if !is_alive => peers.by_token[at.token] = None,
                Some(group) => peers.groups.entry(group).or_default().push(at.token),
                None => {}
            }
        }
        while let Some((group, bytes)) = joined.pop_first() {
            peers.send(group, &bytes, &poller);
        }
    }
}

struct Peers {
    by_token: Vec<Option<Peer>>,
    /// The tokens of each group. Those of closed connections are removed when the group is sent to.
    groups: BTreeMap<u32, Vec<usize>>,
}

impl Peers {
    fn accept(&mut self, listener: &OwnedFd, poller: &Poller) -> io::Result<()> {
        loop {
            let fd = match rustix::net::accept_with(listener, SocketFlags::NONBLOCK | SocketFlags::CLOEXEC) {
                Ok(fd) => fd,
                Err(Errno::AGAIN | Errno::CONNABORTED) => return Ok(()),
                Err(error) => return Err(error.into()),
            };
            sockopt::set_tcp_nodelay(&fd, true)?;
            poller.add(&fd, self.by_token.len(), Interest::Read)?;
            self.by_token.push(Some(Peer { fd, group: None, received: Vec::new(), unsent: Vec::new() }));
        }
    }

    fn send(&mut self, group: u32, bytes: &[u8], poller: &Poller) {
        let by_token = &mut self.by_token;
        self.groups.entry(group).or_default().retain(|&token| {
            let is_alive = by_token[token].as_mut().is_some_and(|peer| peer.send(bytes, poller, token));
            if !is_alive {
                by_token[token] = None;
            }
            is_alive
        });
    }
}

impl Peer {
    /// Reads what has arrived and appends each text as a frame to those of its group. Returns false once the connection is closed.
    fn receive(&mut self, buffer: &mut [u8], joined: &mut BTreeMap<u32, Vec<u8>>) -> bool {
        match rustix::net::recv(&self.fd, &mut *buffer, RecvFlags::empty()) {
            Ok((0, _)) => return false,
            Ok((n, _)) => self.received.extend_from_slice(&buffer[..n]),
            Err(error) => return error == Errno::AGAIN,
        }
        let Some(group) = self.group else {
            if !self.received.ends_with(b"\r\n\r\n") {
                return true;
            }
            self.group = Some(group_of(&self.received));
            self.received.clear();
            return rustix::net::send(&self.fd, UPGRADED, SendFlags::NOSIGNAL).is_ok();
        };
        let mut done = 0;
        while let Ok(Some(frame)) = frame::parse(&self.received[done..]) {
            let payload = &mut self.received[done + frame.start..done + frame.end];
            frame::apply_mask(frame.mask.unwrap_or_default(), payload);
            match frame.opcode {
                Opcode::Text => frame::write_plain(Opcode::Text, payload, joined.entry(group).or_default()),
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

/// Returns the group that a request's path names, or 0.
fn group_of(request: &[u8]) -> u32 {
    let first = request.split(|byte| *byte == b'\r').next().and_then(|first| str::from_utf8(first).ok());
    let group = first.and_then(|first| first.split_once("?group=")?.1.split(' ').next()?.parse().ok());
    group.unwrap_or_default()
}
