//! Checks that the server knows the origin of its own pages. It refuses requests of pages of any other origin.

use super::super::Target;
use super::super::finding::{Finding, Mend};
use super::super::lines::HOST;
use crate::http::probe::SeenRequest;

/// Returns a fault if the server would refuse a request whose `Origin` is the target.
pub(in crate::doctor) fn check(target: &Target, seen: &SeenRequest) -> Finding {
    let told = || Mend::Other(format!("hubbub --public-origin {target}"));
    let shut_out = "every message and every form is refused, as if it came from another site.";
    match &seen.public_origin {
        Some(public) if !seen.origin_is_ours => {
            let seen = format!("Hubbub is told that people find it at {public}, and they are at {target}");
            Finding::wrong(seen, shut_out, told())
        }
        None if !seen.host.eq_ignore_ascii_case(target.authority.as_str()) => {
            let seen = format!("the proxy asks for the host {}, and people for {}", seen.host, target.authority);
            Finding::wrong(seen, shut_out, Mend::Proxy(&HOST))
        }
        // Without `--public-origin` the server accepts only pages of the origin `http://` and the `Host`.
        None if !seen.origin_is_ours => {
            Finding::wrong("Hubbub isn't told that people come by HTTPS".to_owned(), shut_out, told())
        }
        _ => Finding::Well(format!("pages of {target} are let in")),
    }
}
