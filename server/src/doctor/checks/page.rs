//! Checks that the first page arrives completely, as HTML.

use hyper::StatusCode;
use hyper::header::CONTENT_TYPE;

use super::super::client::Client;
use super::super::finding::{Finding, Fix};
use super::super::proxy_fix::PROXY_PASS;

/// Returns a fault if the response to `GET /` is not 200 with a complete HTML document.
pub(in crate::doctor) async fn check(client: &Client) -> Finding {
    let failed = |observed: String| Finding::failed(observed, "people don't see Hubbub.", Fix::Proxy(&PROXY_PASS));
    let response = match client.get("/", &[]).await {
        Ok(response) => response,
        Err(error) => return failed(error.to_string()),
    };
    if response.status != StatusCode::OK || !response.header(CONTENT_TYPE).starts_with("text/html") {
        return failed(format!(
            "the response for the first page is {}, {}",
            response.status,
            response.header(CONTENT_TYPE)
        ));
    }
    match response.text().await {
        Ok(text) if text.contains("</html>") => {
            Finding::Passed(format!("the first page arrives, {} bytes", text.len()))
        }
        Ok(text) => failed(format!("the first page ends after {} bytes, without its last tag", text.len())),
        Err(error) => failed(format!("the first page is incomplete: {error}")),
    }
}
