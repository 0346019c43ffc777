//! Checks that the server knows the origin of its own pages. It refuses requests of pages of any other origin.

use super::super::ServerUrl;
use super::super::finding::{Finding, Fix};
use super::super::proxy_fix::HOST;
use crate::http::probe::SeenRequest;

/// Returns a fault if the server would refuse a request whose `Origin` is the url.
pub(in crate::doctor) fn check(url: &ServerUrl, seen: &SeenRequest) -> Finding {
    let set_origin = || Fix::Instruction(format!("hubbub --public-origin {url}"));
    let impact = "Hubbub refuses every message and every form, because they seem to come from another site.";
    match &seen.public_origin {
        Some(public) if !seen.origin_is_ours => {
            let observed = format!("--public-origin is {public}, but people open {url}");
            Finding::failed(observed, impact, set_origin())
        }
        None if !seen.host.eq_ignore_ascii_case(url.authority.as_str()) => {
            let observed = format!("the proxy sends the Host {} instead of {}", seen.host, url.authority);
            Finding::failed(observed, impact, Fix::Proxy(&HOST))
        }
        // Without `--public-origin` the server accepts only pages of the origin `http://` and the `Host`.
        None if !seen.origin_is_ours => {
            Finding::failed("people open Hubbub by HTTPS, but --public-origin is not set", impact, set_origin())
        }
        _ => Finding::Passed(format!("Hubbub accepts requests of its pages at {url}")),
    }
}
