//! Checks that the first page arrives whole, as HTML.

use hyper::StatusCode;
use hyper::header::CONTENT_TYPE;

use super::super::client::Client;
use super::super::finding::{Finding, Mend};
use super::super::lines::PASSING;

/// Returns a fault if the response to `GET /` is not 200 with a complete HTML document.
pub(in crate::doctor) async fn check(client: &Client) -> Finding {
    let wrong = |seen: String| Finding::wrong(seen, "they don't see Hubbub.", Mend::Proxy(&PASSING));
    let answer = match client.get("/", &[]).await {
        Ok(answer) => answer,
        Err(error) => return wrong(error.to_string()),
    };
    if answer.status != StatusCode::OK || !answer.header(CONTENT_TYPE).starts_with("text/html") {
        return wrong(format!("the first page is answered with {}, {}", answer.status, answer.header(CONTENT_TYPE)));
    }
    match answer.text().await {
        Ok(text) if text.contains("</html>") => Finding::Well(format!("the first page comes, {} bytes", text.len())),
        Ok(text) => wrong(format!("the first page breaks off after {} bytes", text.len())),
        Err(error) => wrong(format!("the first page breaks off: {error}")),
    }
}
