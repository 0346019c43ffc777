//! Checks that pages arrive compressed. Hubbub compresses a page if the request's `Accept-Encoding` allows it.

use hyper::header::{ACCEPT_ENCODING, CONTENT_ENCODING};

use super::super::client::Client;
use super::super::finding::{Finding, Mend};
use super::super::lines::COMPRESSION;

/// The `Accept-Encoding` header that browsers send.
pub(super) const ENCODINGS: &str = "gzip, deflate, br";

/// Returns a fault if the first page arrives uncompressed, and skips the check if the page doesn't arrive.
pub(in crate::doctor) async fn check(client: &Client) -> Finding {
    let answer = match client.get("/", &[(ACCEPT_ENCODING, ENCODINGS)]).await {
        Ok(answer) => answer,
        Err(error) => return Finding::Skipped(error.to_string()),
    };
    match answer.header(CONTENT_ENCODING) {
        "" | "identity" => {
            let seen = "pages don't travel compressed, though they were asked for so";
            Finding::wrong(seen, "pages take several times as long to load.", Mend::Proxy(&COMPRESSION))
        }
        encoding => Finding::Well(format!("pages travel compressed ({encoding})")),
    }
}
