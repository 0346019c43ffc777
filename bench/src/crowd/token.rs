//! The tokens by which a crowd tells its sockets apart: the number of a connection, and one bit for the second socket over
//! which a connection posts where the first is used for polling.

use std::net::Ipv4Addr;

/// The bit that is set in the token of a socket over which a connection posts. The other bits are the connection's number.
pub(super) const POSTING: usize = 1 << 40;

/// The generator connects from this many addresses of the loopback network, 127.0.0.2 and up. One address has some 28,000
/// ports, which is too few for the largest crowds.
const N_SOURCES: usize = 40;

/// Returns the address that a connection comes from.
pub(super) fn source_of(token: usize) -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 0, u8::try_from(2 + token % N_SOURCES).expect("at most 41"))
}
