//! The headers that every response carries: no cache keeps a response, and a browser may do only what the page needs. A
//! handler that needs another value sets the header itself.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::{PublicOrigin, Site};

/// The Content-Security-Policy of a response that is not a page: nothing in it may run or load, and no page may frame
/// it.
const INERT: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Returns the Content-Security-Policy of a page whose inline scripts carry `nonce`. `also_connect_to` is empty, or a
/// space and the further sources that the page may connect to.
pub(super) fn page_policy(nonce: &str, also_connect_to: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         connect-src 'self'{also_connect_to}; img-src 'self' blob:; manifest-src 'self'; frame-src 'self'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    )
}

/// Middleware: adds each header of [`defaults`] that the response doesn't have.
pub(super) async fn secure(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in defaults(&site) {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Returns the headers of a response and their values. `Strict-Transport-Security` is only for a public origin of
/// HTTPS.
fn defaults(site: &Site) -> impl Iterator<Item = (HeaderName, &'static str)> {
    let everywhere = [
        (header::CONTENT_SECURITY_POLICY, INERT),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    let is_https = site.public_origin.as_ref().is_some_and(PublicOrigin::is_https);
    let over_https = is_https.then_some((header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"));
    everywhere.into_iter().chain(over_https)
}
