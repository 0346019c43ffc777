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
pub(super) struct Foreign;

impl IntoResponse for Foreign {
    fn into_response(self) -> Response {
        (StatusCode::FORBIDDEN, "This was asked for by a page of another site.\n").into_response()
    }
}

/// Lets a WebSocket through that a page of ours opens, or a program that is no browser and says no origin.
///
/// # Errors
/// [`Foreign`] for any other origin, also `null`.
pub(super) fn check_socket(site: &Site, headers: &HeaderMap) -> Result<(), Foreign> {
    single(headers, SEC_FETCH_SITE)?;
    match single(headers, header::ORIGIN.as_str())? {
        Some(origin) if !is_ours(site, origin, headers) => Err(Foreign),
        Some(_) | None => Ok(()),
    }
}

/// Lets a request through that changes something, if a page of ours makes it, its user, or a program that is no browser.
///
/// # Errors
/// [`Foreign`] if either header names another site.
pub(super) fn check_post(site: &Site, headers: &HeaderMap) -> Result<(), Foreign> {
    let fetch_site = single(headers, SEC_FETCH_SITE)?;
    if !matches!(fetch_site, None | Some("same-origin" | "none")) {
        return Err(Foreign);
    }
    match single(headers, header::ORIGIN.as_str())? {
        None => Ok(()),
        Some(origin) if is_ours(site, origin, headers) => Ok(()),
        // Our pages send no referrer, and then browsers say `null` for the origin of their forms.
        Some("null") if fetch_site.is_some() => Ok(()),
        Some(_) => Err(Foreign),
    }
}

/// The middleware around pages and forms: [`check_post`] for whatever isn't `GET` or `HEAD`.
pub(super) async fn refuse_foreign_forms(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD)
        && let Err(foreign) = check_post(&site, request.headers())
    {
        return foreign.into_response();
    }
    next.run(request).await
}

/// The value of a header that may be there once. Browsers send it once; a second may have been slipped in on the way.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Foreign> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| Foreign),
        (Some(_), Some(_)) => Err(Foreign),
    }
}

/// Without `--public-origin` browsers speak HTTP with this server, under the host that they name.
fn is_ours(site: &Site, origin: &str, headers: &HeaderMap) -> bool {
    if let Some(public) = &site.public_origin {
        return origin.eq_ignore_ascii_case(public.as_str());
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    host.is_some_and(|host| origin.eq_ignore_ascii_case(&format!("http://{host}")))
}
