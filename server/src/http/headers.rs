//! What every answer carries: nothing is kept that is somebody's own, and a browser does only what the page needs.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::{PublicOrigin, Site};

/// For whatever is not a page: nothing in it may run or be framed.
const INERT: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The policy of a page whose scripts carry `nonce`.
pub(super) fn page_policy(nonce: &str, also_connect_to: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         connect-src 'self'{also_connect_to}; img-src 'self' blob:; manifest-src 'self'; frame-src 'self'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    )
}

/// Adds what an answer doesn't say itself.
pub(super) async fn secure(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in defaults(&site) {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

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
