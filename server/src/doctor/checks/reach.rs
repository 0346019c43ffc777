//! Checks that Hubbub responds at the URL. Its response says what arrived of the request; `origin`, `address` and
//! `clock` examine that.

use std::time::SystemTime;

use hyper::StatusCode;
use hyper::header::{HeaderName, LOCATION, ORIGIN};

use super::super::Target;
use super::super::client::{Client, ProbeResponse};
use super::super::finding::{Finding, Mend};
use super::super::lines::{PASSING, Proxy};
use super::claimed::CLAIMED;
use crate::http::probe::{SEEN_PATH, SeenRequest};

const MEANS: &str = "nobody can open Hubbub at this address.";

/// The result of the first request.
pub(in crate::doctor) struct Reached {
    /// What the server received.
    pub(in crate::doctor) seen: SeenRequest,
    /// The proxy that the response names.
    pub(in crate::doctor) proxy: Option<Proxy>,
    /// This machine's time before the request was sent.
    pub(super) asked_at: SystemTime,
    /// This machine's time when the response's headers had arrived.
    pub(super) answered_at: SystemTime,
}

impl Reached {
    /// Returns the finding of a check that passed, with the proxy's name.
    pub(in crate::doctor) fn finding(&self) -> Finding {
        let behind = self.proxy.map(|proxy| format!(", behind {}", proxy.name())).unwrap_or_default();
        Finding::Well(format!("Hubbub answers{behind}"))
    }
}

/// Sends the first request. Returns the client for the further checks, and what the server received.
///
/// # Errors
/// The fault because of which Hubbub can't be reached at all. No other check can run then.
pub(in crate::doctor) async fn check(target: &Target) -> Result<(Client, Reached), Finding> {
    let no_answer = |error: super::super::request_error::RequestError| {
        Finding::wrong(error.to_string(), MEANS, Mend::Other(format!("See that a browser can open {target}.")))
    };
    let client = Client::new(target.clone()).map_err(no_answer)?;
    let origin = target.to_string();
    let headers = [(ORIGIN, origin.as_str()), (HeaderName::from_static("x-forwarded-for"), CLAIMED)];
    let asked_at = SystemTime::now();
    let answer = client.get(SEEN_PATH, &headers).await.map_err(no_answer)?;
    let answered_at = SystemTime::now();
    let proxy = Proxy::of(&answer);
    let (status, location) = (answer.status, answer.header(LOCATION).to_owned());
    let text = answer.text().await.map_err(no_answer)?;
    match SeenRequest::parse(&text) {
        Some(seen) => Ok((client, Reached { seen, proxy, asked_at, answered_at })),
        None => Err(something_else(target, status, &location, &text)),
    }
}

/// Returns the fault for a response that isn't Hubbub's.
fn something_else(target: &Target, status: StatusCode, location: &str, text: &str) -> Finding {
    let other = |seen: String, mend: String| Finding::wrong(seen, MEANS, Mend::Other(mend));
    if status.is_redirection() {
        let to = location.strip_suffix(SEEN_PATH).unwrap_or(location);
        let seen = format!("it sends everyone on to {to}");
        return Finding::wrong(seen, "they end up there.", Mend::Other(format!("Look there: hubbub doctor {to}")));
    }
    match status {
        StatusCode::BAD_REQUEST if !target.is_https && text.to_ascii_lowercase().contains("https") => {
            let seen = "this port speaks HTTPS, and was asked in plain HTTP".to_owned();
            other(seen, format!("Ask in HTTPS: hubbub doctor https://{}", target.authority))
        }
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            let seen =
                format!("a proxy answers ({status}), but doesn't reach Hubbub: is that running, and on this port?");
            Finding::wrong(seen, MEANS, Mend::Proxy(&PASSING))
        }
        StatusCode::UNAUTHORIZED => {
            let seen = "a proxy asks for a password of its own".to_owned();
            other(seen, "Take it out of the proxy, or look from behind it.".to_owned())
        }
        _ => {
            let seen = format!("something answers ({status}), but it isn't Hubbub, or not all paths get to it");
            Finding::wrong(seen, MEANS, Mend::Proxy(&PASSING))
        }
    }
}

/// Returns the fault for a response whose status Hubbub would not have sent to this probe.
pub(super) fn unexpected(answer: &ProbeResponse) -> Finding {
    let seen = format!("{} instead of an answer of Hubbub", answer.status);
    Finding::wrong(seen, "that part of Hubbub doesn't work.", Mend::Proxy(&PASSING))
}
