//! Checks that a streamed response arrives piece by piece. New messages are streamed to browsers without script.

use std::time::{Duration, Instant};

use hyper::StatusCode;
use hyper::header::{ACCEPT_ENCODING, CONTENT_ENCODING};
use tokio::time::timeout;

use super::super::client::{Client, ProbeResponse};
use super::super::finding::{Finding, Fix};
use super::super::proxy_fix::{COMPRESSED_STREAM, STREAM};
use super::super::request_error::RequestError;
use super::compression::ENCODINGS;
use super::reach::unexpected;
use crate::http::probe::{LINE_EVERY, LINES, STREAM_PATH};

/// Bytes that arrive within this time after other bytes belong to the same piece. Half the time between two lines.
const PIECE_GAP: Duration = Duration::from_millis(LINE_EVERY.as_millis() as u64 / 2);
/// The most pieces of a response that was buffered. A busy machine may join two lines; a proxy that buffers joins all.
const MAX_BUFFERED_PIECES: usize = LINES / 2;
/// Timeout of the whole response. The stream takes 2.5 s, but a machine may be busy.
const STREAM_TIMEOUT: Duration = Duration::from_secs(40);
const IMPACT: &str = "with JavaScript off, new messages don't appear: the proxy buffers them.";

/// Returns a fault if the lines of the stream arrive in [`MAX_BUFFERED_PIECES`] pieces or fewer.
pub(in crate::doctor) async fn check(client: &Client) -> Finding {
    let mut response = match client.get(STREAM_PATH, &[(ACCEPT_ENCODING, ENCODINGS)]).await {
        Ok(response) if response.status == StatusCode::OK => response,
        Ok(response) if response.is_busy() => return Finding::busy(),
        Ok(response) => return unexpected(&response),
        Err(error) => return Finding::failed(error.to_string(), IMPACT, Fix::Proxy(&STREAM)),
    };
    let encoding = response.header(CONTENT_ENCODING).to_owned();
    let arrivals = match timeout(STREAM_TIMEOUT, arrivals(&mut response)).await {
        Ok(Ok(arrivals)) => arrivals,
        Ok(Err(error)) => return Finding::failed(error.to_string(), IMPACT, Fix::Proxy(&STREAM)),
        Err(_) => {
            return Finding::failed(
                format!("a stream of 3 s didn't end within {} s", STREAM_TIMEOUT.as_secs()),
                IMPACT,
                Fix::Proxy(&STREAM),
            );
        }
    };
    let pieces = n_pieces(&arrivals);
    if pieces > MAX_BUFFERED_PIECES {
        return Finding::Passed("streamed responses arrive piece by piece".to_owned());
    }
    let n_pieces = if pieces == 1 { "one piece".to_owned() } else { format!("{pieces} pieces") };
    let observed = format!("{LINES} lines that were sent one by one arrived in {n_pieces}");
    if encoding.is_empty() {
        return Finding::failed(observed, IMPACT, Fix::Proxy(&STREAM));
    }
    let observed = format!("{observed}, compressed by the proxy ({encoding})");
    Finding::failed(observed, IMPACT, Fix::Proxy(&COMPRESSED_STREAM))
}

/// Reads the body to its end, and returns the time at which each part of it arrived.
async fn arrivals(response: &mut ProbeResponse) -> Result<Vec<Instant>, RequestError> {
    let mut arrivals = Vec::new();
    while response.next().await?.is_some() {
        arrivals.push(Instant::now());
    }
    Ok(arrivals)
}

/// Returns the number of groups of arrivals, where a gap of [`PIECE_GAP`] or more begins a new group.
fn n_pieces(arrivals: &[Instant]) -> usize {
    1 + arrivals.windows(2).filter(|two| two[1] - two[0] >= PIECE_GAP).count()
}
