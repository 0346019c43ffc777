//! Checks that Hubbub responds at the URL. Its response says what arrived of the request; `origin`, `address` and
//! `clock` examine that.

use std::time::SystemTime;

use hyper::StatusCode;
use hyper::header::{HeaderName, LOCATION, ORIGIN};

use super::super::ServerUrl;
use super::super::client::{Client, ProbeResponse};
use super::super::finding::{Finding, Fix};
use super::super::proxy_fix::{PROXY_PASS, Proxy};
use super::super::request_error::RequestError;
use super::forged::FORGED_ADDRESSES;
use crate::http::probe::{SEEN_PATH, SeenRequest};

const IMPACT: &str = "nobody can open Hubbub at this address.";

/// The result of the first request.
pub(in crate::doctor) struct Reached {
    /// The server's report of the request that it received.
    pub(in crate::doctor) seen: SeenRequest,
    /// The proxy that the response names.
    pub(in crate::doctor) proxy: Option<Proxy>,
    /// This machine's time before the request was sent.
    pub(super) sent_at: SystemTime,
    /// This machine's time when the response's headers had arrived.
    pub(super) received_at: SystemTime,
}

impl Reached {
    /// Returns the finding of a check that passed, with the proxy's name.
    pub(in crate::doctor) fn finding(&self) -> Finding {
        let proxy = self.proxy.map(|proxy| format!(" through {}", proxy.name())).unwrap_or_default();
        Finding::Passed(format!("Hubbub responds{proxy}"))
    }
}

/// Sends the first request. Returns the client for the further checks, and what the server received.
///
/// # Errors
/// The fault because of which Hubbub can't be reached at all. No other check can run then.
pub(in crate::doctor) async fn check(url: &ServerUrl) -> Result<(Client, Reached), Finding> {
    let no_response = |error: RequestError| {
        Finding::failed(error.to_string(), IMPACT, Fix::Instruction(format!("Make sure that a browser can open {url}")))
    };
    let client = Client::new(url.clone()).map_err(no_response)?;
    let origin = url.to_string();
    let headers = [(ORIGIN, origin.as_str()), (HeaderName::from_static("x-forwarded-for"), FORGED_ADDRESSES)];
    let sent_at = SystemTime::now();
    let response = client.get(SEEN_PATH, &headers).await.map_err(no_response)?;
    let received_at = SystemTime::now();
    let proxy = Proxy::of(&response);
    let (status, location) = (response.status, response.header(LOCATION).to_owned());
    let text = response.text().await.map_err(no_response)?;
    match SeenRequest::parse(&text) {
        Some(seen) => Ok((client, Reached { seen, proxy, sent_at, received_at })),
        None => Err(not_hubbub(url, status, &location, &text)),
    }
}

/// Returns the fault for a response that isn't Hubbub's.
fn not_hubbub(url: &ServerUrl, status: StatusCode, location: &str, text: &str) -> Finding {
    let failed = |observed: &str, instruction: String| Finding::failed(observed, IMPACT, Fix::Instruction(instruction));
    if status.is_redirection() {
        let to = location.strip_suffix(SEEN_PATH).unwrap_or(location);
        let observed = format!("the response is a redirect to {to}");
        let fix = Fix::Instruction(format!("Check that URL instead: hubbub doctor {to}"));
        return Finding::failed(observed, "browsers open another URL.", fix);
    }
    match status {
        StatusCode::BAD_REQUEST if !url.is_https && text.to_ascii_lowercase().contains("https") => {
            let instruction = format!("Use HTTPS: hubbub doctor https://{}", url.authority);
            failed("this port uses HTTPS, and the URL is http://", instruction)
        }
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            let observed = format!(
                "a proxy responds ({status}), but doesn't reach Hubbub: check that Hubbub is running, and on which port"
            );
            Finding::failed(observed, IMPACT, Fix::Proxy(&PROXY_PASS))
        }
        StatusCode::UNAUTHORIZED => {
            let instruction =
                "Remove the password from the proxy, or run the doctor against Hubbub's own port".to_owned();
            failed("a proxy asks for a password", instruction)
        }
        _ => {
            let observed = format!(
                "the response ({status}) isn't Hubbub's: the URL is another server's, or the proxy doesn't forward all paths"
            );
            Finding::failed(observed, IMPACT, Fix::Proxy(&PROXY_PASS))
        }
    }
}

/// Returns the fault for a response whose status Hubbub would not have sent to this probe.
pub(super) fn unexpected(response: &ProbeResponse) -> Finding {
    let observed = format!("the response is {}, which Hubbub doesn't send here", response.status);
    Finding::failed(observed, "this part of Hubbub doesn't work.", Fix::Proxy(&PROXY_PASS))
}
