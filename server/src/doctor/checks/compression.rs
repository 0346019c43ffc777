//! Checks that pages arrive compressed. Hubbub compresses a page if the request's `Accept-Encoding` allows it.

use hyper::header::{ACCEPT_ENCODING, CONTENT_ENCODING};

use super::super::client::Client;
use super::super::finding::{Finding, Fix};
use super::super::proxy_fix::COMPRESSION;

/// The `Accept-Encoding` header that browsers send.
pub(super) const ENCODINGS: &str = "gzip, deflate, br";

/// Returns a fault if the first page arrives uncompressed, and skips the check if the page doesn't arrive.
pub(in crate::doctor) async fn check(client: &Client) -> Finding {
    let response = match client.get("/", &[(ACCEPT_ENCODING, ENCODINGS)]).await {
        Ok(response) => response,
        Err(error) => return Finding::Skipped(error.to_string()),
    };
    match response.header(CONTENT_ENCODING) {
        "" | "identity" => {
            let seen = "pages arrive uncompressed, although the request accepts compression";
            Finding::failed(seen, "pages take several times as long to load.", Fix::Proxy(&COMPRESSION))
        }
        encoding => Finding::Passed(format!("pages arrive compressed ({encoding})")),
    }
}
