//! Checks that a streamed response arrives piece by piece. New messages are streamed to browsers without script.

use std::time::{Duration, Instant};

use hyper::StatusCode;
use hyper::header::{ACCEPT_ENCODING, CONTENT_ENCODING};
use tokio::time::timeout;

use super::super::client::{Client, ProbeResponse};
use super::super::finding::{Finding, Mend};
use super::super::lines::{COMPRESSED_STREAM, STREAM};
use super::super::request_error::RequestError;
use super::compression::ENCODINGS;
use super::reach::unexpected;
use crate::http::probe::{LINE_EVERY, LINES, STREAM_PATH};

/// Bytes that arrive within this time after other bytes belong to the same piece. Half the time between two lines.
const APART: Duration = Duration::from_millis(LINE_EVERY.as_millis() as u64 / 2);
/// The most pieces of a response that was buffered. A busy machine may join two lines; a proxy that buffers joins all.
const FEW: usize = LINES / 2;
/// Timeout of the whole response. The stream takes 2.5 s, but a machine may be busy.
const OVER_WITHIN: Duration = Duration::from_secs(40);
const MEANS: &str = "with JavaScript off, new messages don't appear by themselves: they are held back on the way.";

/// Returns a fault if the lines of the stream arrive in [`FEW`] pieces or fewer.
pub(in crate::doctor) async fn check(client: &Client) -> Finding {
    let mut answer = match client.get(STREAM_PATH, &[(ACCEPT_ENCODING, ENCODINGS)]).await {
        Ok(answer) if answer.status == StatusCode::OK => answer,
        Ok(answer) if answer.is_busy() => return Finding::busy(),
        Ok(answer) => return unexpected(&answer),
        Err(error) => return Finding::wrong(error.to_string(), MEANS, Mend::Proxy(&STREAM)),
    };
    let encoding = answer.header(CONTENT_ENCODING).to_owned();
    let arrivals = match timeout(OVER_WITHIN, arrivals(&mut answer)).await {
        Ok(Ok(arrivals)) => arrivals,
        Ok(Err(error)) => return Finding::wrong(error.to_string(), MEANS, Mend::Proxy(&STREAM)),
        Err(_) => return Finding::wrong("a stream of 3 s didn't end", MEANS, Mend::Proxy(&STREAM)),
    };
    let pieces = n_pieces(&arrivals);
    if pieces > FEW {
        return Finding::Well("what is sent bit by bit arrives bit by bit".to_owned());
    }
    let came = if pieces == 1 { "in one piece".to_owned() } else { format!("in {pieces} pieces") };
    let seen = format!("{LINES} lines were sent one by one, and came {came}");
    if encoding.is_empty() {
        return Finding::wrong(seen, MEANS, Mend::Proxy(&STREAM));
    }
    let seen = format!("{seen}, compressed by the proxy ({encoding})");
    Finding::wrong(seen, MEANS, Mend::Proxy(&COMPRESSED_STREAM))
}

/// Reads the body to its end, and returns the time at which each part of it arrived.
async fn arrivals(answer: &mut ProbeResponse) -> Result<Vec<Instant>, RequestError> {
    let mut arrivals = Vec::new();
    while answer.next().await?.is_some() {
        arrivals.push(Instant::now());
    }
    Ok(arrivals)
}

/// Returns the number of groups of arrivals, where a gap of [`APART`] or more begins a new group.
fn n_pieces(arrivals: &[Instant]) -> usize {
    1 + arrivals.windows(2).filter(|two| two[1] - two[0] >= APART).count()
}
