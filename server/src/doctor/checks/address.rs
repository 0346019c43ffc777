//! Checks that the server knows each client's address. If it doesn't, all clients share the limits of one address.

use std::net::IpAddr;

use super::super::Target;
use super::super::finding::{Finding, Mend};
use super::super::lines::FORWARDED_FOR;
use super::claimed::CLAIMED;
use super::reach::Reached;

/// The number of addresses in [`CLAIMED`].
const N_CLAIMED: usize = 2;

/// Returns a fault if the server takes a made-up address or the proxy's address for the client's. The number of
/// addresses that arrived in `X-Forwarded-For` tells what the proxy did: none, it removes the header; [`N_CLAIMED`], it
/// passes the header on unchanged, or there is no proxy; any other number, it adds the client's address or replaces the
/// header.
pub(in crate::doctor) fn check(target: &Target, reached: &Reached) -> Finding {
    let seen = &reached.seen;
    // Hubbub itself serves plain HTTP only, so HTTPS means that there is a proxy.
    let has_proxy = target.is_https || reached.proxy.is_some();
    match (seen.n_forwarded_for, seen.proxy_is_trusted) {
        (N_CLAIMED, true) if is_claimed(seen.address) => {
            let seen = "the proxy passes X-Forwarded-For on as it came, so Hubbub believes whatever address is claimed";
            let means = "limits for an address don't hold, and anyone can use up another's.";
            Finding::wrong(seen, means, Mend::Proxy(&FORWARDED_FOR))
        }
        (0 | N_CLAIMED, _) if has_proxy || seen.n_forwarded_for == 0 => {
            let seen = "the proxy doesn't say in X-Forwarded-For from where people come";
            Finding::wrong(seen, ALL_AS_ONE, Mend::Proxy(&FORWARDED_FOR))
        }
        (N_CLAIMED, _) => Finding::Well(format!("no proxy is to be seen; people come from {}", seen.address)),
        (_, false) => {
            let wrong =
                format!("the proxy says from where people come, but Hubbub isn't told to trust {}", seen.address);
            Finding::wrong(wrong, ALL_AS_ONE, Mend::Other(format!("hubbub --trusted-proxy {}", seen.address)))
        }
        (_, true) => Finding::Well("the proxy says from where people come, and is believed".to_owned()),
    }
}

/// What people notice if the server takes the proxy's address for every client's.
const ALL_AS_ONE: &str =
    "everyone seems to come from one address, and together they get as many connections as one may have.";

/// Whether an address is one of [`CLAIMED`].
fn is_claimed(address: IpAddr) -> bool {
    CLAIMED.split(", ").any(|claimed| claimed.parse() == Ok(address))
}
