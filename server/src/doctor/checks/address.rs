//! Checks that the server knows each client's address. If it doesn't, all clients share the limits of one address.

use std::net::IpAddr;

use super::super::ServerUrl;
use super::super::finding::{Finding, Fix};
use super::super::proxy_fix::FORWARDED_FOR;
use super::forged::FORGED_ADDRESSES;
use super::reach::Reached;

/// The number of addresses in [`FORGED_ADDRESSES`].
const N_FORGED: usize = 2;

/// Returns a fault if the server takes a made-up address or the proxy's address for the client's. The number of
/// addresses that arrived in `X-Forwarded-For` tells what the proxy did: none, it removes the header; [`N_FORGED`], it
/// passes the header on unchanged, or there is no proxy; any other number, it adds the client's address or replaces the
/// header.
pub(in crate::doctor) fn check(url: &ServerUrl, reached: &Reached) -> Finding {
    let seen = &reached.seen;
    // Hubbub itself serves plain HTTP only, so HTTPS means that there is a proxy.
    let has_proxy = url.is_https || reached.proxy.is_some();
    match (seen.n_forwarded_for, seen.proxy_is_trusted) {
        (N_FORGED, true) if is_forged(seen.address) => {
            let observed =
                "the proxy passes on the client's own X-Forwarded-For, so that clients can forge their address";
            let impact = "the limits of an address can be evaded, or used up by somebody else.";
            Finding::failed(observed, impact, Fix::Proxy(&FORWARDED_FOR))
        }
        (0 | N_FORGED, _) if has_proxy || seen.n_forwarded_for == 0 => {
            let observed = "the proxy doesn't send the client's address in X-Forwarded-For";
            Finding::failed(observed, SHARED_LIMITS, Fix::Proxy(&FORWARDED_FOR))
        }
        (N_FORGED, _) => {
            Finding::Passed(format!("there is no proxy; the server sees the client address {}", seen.address))
        }
        (_, false) => {
            let observed = format!("the proxy sends the client's address, but Hubbub doesn't trust {}", seen.address);
            Finding::failed(
                observed,
                SHARED_LIMITS,
                Fix::Instruction(format!("hubbub --trusted-proxy {}", seen.address)),
            )
        }
        (_, true) => Finding::Passed("the proxy sends the client's address, and Hubbub trusts the proxy".to_owned()),
    }
}

/// The impact if the server takes the proxy's address for every client's.
const SHARED_LIMITS: &str = "all clients seem to have the same address, and share the limits of one address.";

/// Whether an address is one of [`FORGED_ADDRESSES`].
fn is_forged(address: IpAddr) -> bool {
    FORGED_ADDRESSES.split(", ").any(|forged| forged.parse() == Ok(address))
}
