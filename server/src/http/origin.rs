//! Refuses requests that a page of another site makes. A browser says where a request comes from in `Origin` (RFC 6454)
//! and `Sec-Fetch-Site` (Fetch Metadata, W3C), and no page can forge either.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Site;

const SEC_FETCH_SITE: &str = "sec-fetch-site";

/// The refusal of a request from a page of another site.
#[derive(Clone, Copy, Debug)]
pub(super) struct ForeignOrigin;

impl IntoResponse for ForeignOrigin {
    fn into_response(self) -> Response {
        (StatusCode::FORBIDDEN, "This request comes from a page of another site.\n").into_response()
    }
}

/// Accepts a WebSocket request of one of this site's pages, or of a program that sends no `Origin`.
///
/// # Errors
/// [`ForeignOrigin`] for any other origin, also `null`.
pub(super) fn check_socket(site: &Site, headers: &HeaderMap) -> Result<(), ForeignOrigin> {
    single(headers, SEC_FETCH_SITE)?;
    match single(headers, header::ORIGIN.as_str())? {
        Some(origin) if !is_ours(site, origin, headers) => Err(ForeignOrigin),
        Some(_) | None => Ok(()),
    }
}

/// Accepts a request that changes data if it comes from one of this site's pages, from the address bar of a browser, or from
/// a program that sends neither header.
///
/// # Errors
/// [`ForeignOrigin`] if either header names another site.
pub(super) fn check_post(site: &Site, headers: &HeaderMap) -> Result<(), ForeignOrigin> {
    let fetch_site = single(headers, SEC_FETCH_SITE)?;
    if !matches!(fetch_site, None | Some("same-origin" | "none")) {
        return Err(ForeignOrigin);
    }
    match single(headers, header::ORIGIN.as_str())? {
        None => Ok(()),
        Some(origin) if is_ours(site, origin, headers) => Ok(()),
        // The site's pages send no referrer, so browsers send `null` as the origin of their forms.
        Some("null") if fetch_site.is_some() => Ok(()),
        Some(_) => Err(ForeignOrigin),
    }
}

/// The middleware of pages and forms: applies [`check_post`] to every method except `GET` and `HEAD`.
pub(super) async fn refuse_foreign_forms(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD)
        && let Err(foreign) = check_post(&site, request.headers())
    {
        return foreign.into_response();
    }
    next.run(request).await
}

/// Returns the value of a header. Refuses two values: browsers send one, and an attacker may have added the other.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, ForeignOrigin> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| ForeignOrigin),
        (Some(_), Some(_)) => Err(ForeignOrigin),
    }
}

/// Whether an origin is this site's: `--public-origin`, or without that setting, `http://` and the request's `Host`.
fn is_ours(site: &Site, origin: &str, headers: &HeaderMap) -> bool {
    if let Some(public) = &site.public_origin {
        return origin.eq_ignore_ascii_case(public.as_str());
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    host.is_some_and(|host| origin.eq_ignore_ascii_case(&format!("http://{host}")))
}
