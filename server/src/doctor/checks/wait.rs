//! Checks that the proxy waits for a slow response. The response to a long poll waits for the next message, up to a
//! minute.

use std::time::{Duration, Instant};

use hyper::StatusCode;

use super::super::client::Client;
use super::super::finding::{Finding, Fix};
use super::super::proxy_fix::WAIT;
use crate::http::probe::WAIT_PATH;

/// Added to the wait for the timeout of the request.
const GRACE: Duration = Duration::from_secs(10);
const IMPACT: &str =
    "where WebSockets don't work, long polling doesn't either: clients use polling, and messages arrive seconds late.";

/// Requests a response that takes `wait_s` seconds. Returns a fault if the response fails or is not 200.
pub(in crate::doctor) async fn check(client: &Client, wait_s: u64) -> Finding {
    let began = Instant::now();
    let response = client
        .get_with_timeout(&format!("{WAIT_PATH}?seconds={wait_s}"), &[], Duration::from_secs(wait_s) + GRACE)
        .await;
    let outcome = match response {
        Ok(response) if response.status == StatusCode::OK => {
            return Finding::Passed(format!("a response may take {wait_s} s"));
        }
        Ok(response) if response.is_busy() => return Finding::busy(),
        Ok(response) => format!("the response was {}", response.status),
        Err(error) => error.to_string(),
    };
    let observed = format!("a response takes {wait_s} s, but after {:.1} s: {outcome}", began.elapsed().as_secs_f64());
    Finding::failed(observed, IMPACT, Fix::Proxy(&WAIT))
}
