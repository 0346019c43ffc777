//! The network of a client's address. The limits for an address apply to its network.

use std::net::IpAddr;

/// An IPv4 address, or the first 64 bits of an IPv6 address.
///
/// A provider gives each IPv6 customer at least a /64 (RFC 6177), so that one machine has 2⁶⁴ addresses to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network(u64);

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        // A socket that listens on `::` sees IPv4 clients as ::ffff:a.b.c.d.
        match address.to_canonical() {
            // No network of the internet begins with 32 bits of zeros, so the two kinds never meet.
            IpAddr::V4(address) => Self(u64::from(address.to_bits())),
            IpAddr::V6(address) => Self((address.to_bits() >> 64) as u64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(address: &str) -> Network {
        Network::from(address.parse::<IpAddr>().expect("an address"))
    }

    #[test]
    fn an_ipv6_network_is_a_64_bit_prefix_and_an_ipv4_network_is_one_address() {
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_ne!(network("203.0.113.1"), network("203.0.113.2"));
        assert_eq!(network("::ffff:203.0.113.1"), network("203.0.113.1"));
        assert_ne!(network("::ffff:203.0.113.1"), network("::ffff:203.0.113.2"));
    }
}
