//! Finds the client's IP address. `X-Forwarded-For` counts only in requests that come from a trusted proxy.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};

use super::Site;

/// The address of the TCP peer, as the listener saw it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(IpAddr);

/// Extracts the client's address, by [`Peer::client`].
pub(super) struct Address(pub IpAddr);

impl<S> FromRequestParts<S> for Address
where
    S: Send + Sync,
    Arc<Site>: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let site = Arc::<Site>::from_ref(state);
        Ok(Self(Peer::of(&parts.extensions).client(&site, &parts.headers)))
    }
}

impl Peer {
    /// Creates a peer. An IPv4 address that is mapped to IPv6, as on a dual-stack port, becomes the IPv4 address.
    pub(super) const fn new(address: IpAddr) -> Self {
        Self(address.to_canonical())
    }

    /// Returns the peer of a request, which the listener put into the extensions; 0.0.0.0 if it is missing.
    pub(super) fn of(extensions: &Extensions) -> Self {
        extensions.get().copied().unwrap_or(Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED)))
    }

    /// Returns the client's address: from `X-Forwarded-For` if this peer is a trusted proxy, else the peer's own.
    pub(super) fn client(self, site: &Site, headers: &HeaderMap) -> IpAddr {
        client_of(self.0, headers, &site.trusted_proxies)
    }

    /// Whether this peer is one of the settings `--trusted-proxy`.
    pub(super) fn is_trusted(self, site: &Site) -> bool {
        site.trusted_proxies.contains(&self.0)
    }
}

/// Returns the last address in `X-Forwarded-For` that is no trusted proxy's: the client may have made up everything
/// before it. An entry that is no address ends the search. Returns the peer's address if the peer is not trusted, or if
/// nothing is found.
fn client_of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    if !trusted.contains(&peer) {
        return peer;
    }
    let said = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let chain: Vec<&str> = said.flat_map(|value| value.split(',')).map(str::trim).collect();
    let addresses = chain.iter().rev().map_while(|text| text.parse::<IpAddr>().ok());
    addresses.into_iter().find(|address| !trusted.contains(address)).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, said: &str, trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", said.parse().unwrap());
        let trusted: Vec<IpAddr> = trusted.iter().map(|address| address.parse().unwrap()).collect();
        client_of(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn a_forwarded_address_is_used_only_if_a_trusted_proxy_added_it() {
        assert_eq!(client("203.0.113.9", "10.0.0.1", &[]), "203.0.113.9");
        assert_eq!(client("127.0.0.1", "10.0.0.1, 203.0.113.9", &["127.0.0.1"]), "203.0.113.9");
        assert_eq!(client("127.0.0.1", "203.0.113.9, 192.0.2.7", &["127.0.0.1", "192.0.2.7"]), "203.0.113.9");
        assert_eq!(client("127.0.0.1", "nonsense", &["127.0.0.1"]), "127.0.0.1");
    }
}
