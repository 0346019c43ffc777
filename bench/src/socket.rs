//! A non-blocking TCP connection of the generator. All connections read through one shared buffer, so that an idle one takes
//! little memory. The crowd uses it. It knows no WebSocket.

use std::io;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::io::Errno;
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, sockopt};

use crate::poller::{Interest, Poller};

pub(crate) struct Socket {
    fd: OwnedFd,
    token: usize,
    unsent: Vec<u8>,
    waits_to_write: bool,
    /// The start of a frame that has not arrived completely.
    leftover: Vec<u8>,
    /// Bytes in both directions.
    n_bytes: u64,
}

impl Socket {
    /// Starts connecting from an address of the loopback network. Bytes that are sent before the connection is open are written when it opens.
    pub(crate) fn connect(poller: &Poller, token: usize, to: SocketAddrV4, from: Ipv4Addr) -> io::Result<Self> {
        let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
        let fd = rustix::net::socket_with(AddressFamily::INET, SocketType::STREAM, flags, None)?;
        sockopt::set_tcp_nodelay(&fd, true)?;
        rustix::net::bind(&fd, &SocketAddrV4::new(from, 0))?;
        match rustix::net::connect(&fd, &to) {
            Ok(()) | Err(Errno::INPROGRESS) => {}
            Err(error) => return Err(error.into()),
        }
        poller.add(&fd, token, Interest::ReadAndWrite)?;
        Ok(Self { fd, token, unsent: Vec::new(), waits_to_write: true, leftover: Vec::new(), n_bytes: 0 })
    }

    /// Sends what the kernel takes now, and keeps the rest until it takes more.
    pub(crate) fn send(&mut self, poller: &Poller, bytes: &[u8]) -> io::Result<()> {
        self.unsent.extend_from_slice(bytes);
        if self.waits_to_write {
            return Ok(());
        }
        self.flush(poller)
    }

    /// Sends what was kept. Call it when the socket is writable.
    pub(crate) fn flush(&mut self, poller: &Poller) -> io::Result<()> {
        let mut sent = 0;
        let mut is_full = false;
        while sent < self.unsent.len() && !is_full {
            match rustix::net::send(&self.fd, &self.unsent[sent..], SendFlags::NOSIGNAL) {
                Ok(n) => sent += n,
                Err(Errno::AGAIN) => is_full = true,
                Err(error) => return Err(error.into()),
            }
        }
        self.unsent.drain(..sent);
        self.n_bytes += sent as u64;
        if self.unsent.is_empty() {
            self.unsent = Vec::new();
        }
        if is_full != self.waits_to_write {
            self.waits_to_write = is_full;
            poller.change(&self.fd, self.token, if is_full { Interest::ReadAndWrite } else { Interest::Read })?;
        }
        Ok(())
    }

    /// Fills `buffer` with the kept start of a frame and with what has arrived, and returns the number of bytes.
    ///
    /// # Errors
    /// `UnexpectedEof` when the other side has closed.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let kept = self.leftover.len();
        buffer[..kept].copy_from_slice(&self.leftover);
        match rustix::net::recv(&self.fd, &mut buffer[kept..], RecvFlags::empty()) {
            Ok((0, _)) => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed the connection")),
            Ok((n, _)) => {
                self.n_bytes += n as u64;
                self.leftover.clear();
                Ok(kept + n)
            }
            Err(Errno::AGAIN) => {
                self.leftover.clear();
                Ok(kept)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Bytes so far, in both directions, without the headers of TCP and IP.
    pub(crate) fn n_bytes(&self) -> u64 {
        self.n_bytes
    }

    /// Keeps the start of a frame for the next read.
    pub(crate) fn keep(&mut self, rest: &[u8]) {
        self.leftover.extend_from_slice(rest);
    }
}

impl AsFd for Socket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}
