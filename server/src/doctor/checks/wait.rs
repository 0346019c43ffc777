//! Checks that the proxy waits for a slow response. The response to a long poll waits for the next message, up to a
//! minute.

use std::time::{Duration, Instant};

use hyper::StatusCode;

use super::super::client::Client;
use super::super::finding::{Finding, Mend};
use super::super::lines::WAIT;
use crate::http::probe::WAIT_PATH;

/// Added to the wait for the timeout of the request.
const GRACE: Duration = Duration::from_secs(10);
const MEANS: &str =
    "where WebSockets don't pass, long polling is cut short and falls back to polling: messages come seconds late.";

/// Requests a response that takes `wait_s` seconds. Returns a fault if the response fails or is not 200.
pub(in crate::doctor) async fn check(client: &Client, wait_s: u64) -> Finding {
    let began = Instant::now();
    let answer =
        client.get_slow(&format!("{WAIT_PATH}?seconds={wait_s}"), &[], Duration::from_secs(wait_s) + GRACE).await;
    let came = match answer {
        Ok(answer) if answer.status == StatusCode::OK => {
            return Finding::Well(format!("an answer may take {wait_s} s"));
        }
        Ok(answer) if answer.is_busy() => return Finding::busy(),
        Ok(answer) => format!("{} came instead", answer.status),
        Err(error) => error.to_string(),
    };
    let seen = format!("an answer was to take {wait_s} s, and after {:.1} s {came}", began.elapsed().as_secs_f64());
    Finding::wrong(seen, MEANS, Mend::Proxy(&WAIT))
}
