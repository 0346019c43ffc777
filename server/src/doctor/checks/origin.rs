//! Does the server know where people find it? It refuses what pages of other sites ask, and makes cookies safe for HTTPS.

use super::super::Target;
use super::super::finding::{Finding, Mend};
use super::super::lines::HOST;
use crate::http::probe::SeenRequest;

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
        // Without the setting only pages of http are its own.
        None if !seen.origin_is_ours => {
            Finding::wrong("Hubbub isn't told that people come by HTTPS".to_owned(), shut_out, told())
        }
        _ => Finding::Well(format!("pages of {target} are let in")),
    }
}
