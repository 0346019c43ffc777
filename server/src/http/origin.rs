//! Is it one of our pages that asks? A browser says where a socket or a form comes from, and no page can forge that.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use thiserror::Error;

use super::Site;

/// Where browsers find the site: scheme, host and port, such as `https://chat.example.org`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicOrigin(String);

/// Why a text is not an origin.
#[derive(Debug, Error)]
#[error("an origin is like https://chat.example.org: http or https, a host, perhaps a port, and nothing behind it")]
pub struct BadOrigin;

impl PublicOrigin {
    /// Whether browsers speak HTTPS with it.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }
}

impl fmt::Display for PublicOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for PublicOrigin {
    type Err = BadOrigin;

    fn from_str(text: &str) -> Result<Self, BadOrigin> {
        let uri: Uri = text.trim_end_matches('/').parse().map_err(|_| BadOrigin)?;
        let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https")).ok_or(BadOrigin)?;
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@')).ok_or(BadOrigin)?;
        if !matches!(uri.path_and_query().map(|path| path.as_str()), None | Some("/")) {
            return Err(BadOrigin);
        }
        Ok(Self(format!("{scheme}://{authority}").to_ascii_lowercase()))
    }
}

/// The answer to a request from elsewhere.
pub(super) struct Foreign;

impl Foreign {
    pub(super) const SAYS: &str = "This was asked for by a page of another site.\n";
}

impl IntoResponse for Foreign {
    fn into_response(self) -> Response {
        (StatusCode::FORBIDDEN, Self::SAYS).into_response()
    }
}

/// A socket may be opened by a page of ours, or by a program that is no browser and says no origin.
pub(super) fn check_origin(site: &Site, headers: &HeaderMap) -> Result<(), Foreign> {
    match headers.get(header::ORIGIN) {
        Some(origin) if origin.to_str().is_ok_and(|origin| is_ours(site, origin, headers)) => Ok(()),
        Some(_) => Err(Foreign),
        None => Ok(()),
    }
}

/// A form may be sent by a page of ours. Pages send no referrer, and a browser then gives `null` as the origin of
/// their forms; `Sec-Fetch-Site` says it better and goes first (Fetch Metadata, W3C).
pub(super) async fn refuse_foreign_forms(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let headers = request.headers();
    let is_ours = match headers.get("sec-fetch-site") {
        Some(site) => site == "same-origin" || site == "none",
        None => check_origin(&site, headers).is_ok(),
    };
    if is_ours { next.run(request).await } else { Foreign.into_response() }
}

fn is_ours(site: &Site, origin: &str, headers: &HeaderMap) -> bool {
    if let Some(public) = &site.public_origin {
        return origin.eq_ignore_ascii_case(&public.0);
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let asked_by = origin.split_once("://").map(|(_, host)| host);
    matches!((host, asked_by), (Some(host), Some(asked_by)) if host.eq_ignore_ascii_case(asked_by))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_and_a_host_and_nothing_else() {
        assert_eq!("https://Chat.example.org/".parse::<PublicOrigin>().unwrap().0, "https://chat.example.org");
        assert!("http://10.0.0.1:3000".parse::<PublicOrigin>().is_ok());
        for text in ["", "chat.example.org", "ftp://x", "https://", "https://a/b", "https://a@b", "null"] {
            assert!(text.parse::<PublicOrigin>().is_err(), "{text:?}");
        }
    }
}
