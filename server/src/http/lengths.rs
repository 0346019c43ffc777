//! What a request of HTTP/1.1 may say of its own length. Called by `headers`, around everything, so that no layer of its own
//! stands around a request that waits. Whoever is more generous than the proxy in front can be told of a request that the
//! proxy has not seen (RFC 9112, section 11.2).

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Said of a request, in its extensions, that has both a `Content-Length` and a `Transfer-Encoding`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Doubtful;

/// Refuses a request that says twice how long it is. One in chunks is the last that hyper is given of its connection: where
/// it ends only hyper knows, and nobody could look at what comes behind it.
pub(super) async fn checked(request: Request, next: Next) -> Response {
    if request.extensions().get::<Doubtful>().is_some() {
        let close = [(header::CONNECTION, "close")];
        return (StatusCode::BAD_REQUEST, close, "This request says twice how long it is.\n").into_response();
    }
    let is_in_chunks = request.headers().contains_key(header::TRANSFER_ENCODING);
    let mut response = next.run(request).await;
    if is_in_chunks {
        response.headers_mut().entry(header::CONNECTION).or_insert(HeaderValue::from_static("close"));
    }
    response
}
