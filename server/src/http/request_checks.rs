//! Refuses requests that two servers could understand differently, before the router sees them. hyper refuses what it
//! can't parse; this file checks the host, and refuses transfer codings other than `chunked`.

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, Version, header};
use axum::response::{IntoResponse, Response};

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ambiguous {
    NoHost,
    ManyHosts,
    BadHost,
    OtherHost,
    TransferEncoding,
}

/// Checks that a request is unambiguous. It has one valid `Host` then, also over HTTP/2, where the target names the host
/// (RFC 9113, section 8.3.1); over HTTP/1.0 it may have none.
///
/// # Errors
/// Why the request must be refused.
pub(super) fn check(request: &mut Request) -> Result<(), Ambiguous> {
    if let Some(host) = host_to_add(request)? {
        request.headers_mut().insert(header::HOST, host);
    }
    Ok(())
}

/// Returns the host that must be added as `Host`, because only the target names it.
fn host_to_add(request: &Request) -> Result<Option<HeaderValue>, Ambiguous> {
    let headers = request.headers();
    check_transfer_encoding(headers)?;
    let named = named_host(headers)?;
    let target = target_host(request.uri())?;
    match (named, target) {
        (Some(named), Some(target)) if !named.eq_ignore_ascii_case(target) => Err(Ambiguous::OtherHost),
        (Some(_), _) => Ok(None),
        (None, Some(target)) => HeaderValue::from_str(target).map(Some).map_err(|_| Ambiguous::BadHost),
        // RFC 9112, section 3.2: HTTP/1.0 has no `Host`. Health checks of proxies use HTTP/1.0.
        (None, None) if request.version() < Version::HTTP_11 => Ok(None),
        (None, None) => Err(Ambiguous::NoHost),
    }
}

/// Refuses transfer codings other than `chunked`. RFC 9112, section 6.1: a client must not assume that a server supports them.
fn check_transfer_encoding(headers: &HeaderMap) -> Result<(), Ambiguous> {
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (None, _) => Ok(()),
        (Some(coding), None) if coding.as_bytes().eq_ignore_ascii_case(b"chunked") => Ok(()),
        _ => Err(Ambiguous::TransferEncoding),
    }
}

/// Returns the value of `Host`.
fn named_host(headers: &HeaderMap) -> Result<Option<&str>, Ambiguous> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let Some(host) = hosts.next() else { return Ok(None) };
    if hosts.next().is_some() {
        return Err(Ambiguous::ManyHosts);
    }
    let host = host.to_str().map_err(|_| Ambiguous::BadHost)?;
    let authority: Authority = host.parse().map_err(|_| Ambiguous::BadHost)?;
    if is_host(&authority) { Ok(Some(host)) } else { Err(Ambiguous::BadHost) }
}

/// Returns the host in the target, over HTTP/2 or in the absolute form of HTTP/1.1.
fn target_host(uri: &Uri) -> Result<Option<&str>, Ambiguous> {
    match uri.authority() {
        Some(authority) if is_host(authority) => Ok(Some(authority.as_str())),
        Some(_) => Err(Ambiguous::BadHost),
        None => Ok(None),
    }
}

/// A name or an address, perhaps with a port; without a user before it, and no list, which is how two hosts look when a
/// proxy has joined them.
fn is_host(authority: &Authority) -> bool {
    let (text, host) = (authority.as_str(), authority.host());
    let port = text.strip_prefix(host).map(|rest| rest.strip_prefix(':').unwrap_or(rest));
    !host.is_empty() && !host.contains(',') && port.is_some_and(|port| port.is_empty() || port.parse::<u16>().is_ok())
}

impl Ambiguous {
    /// Returns the response to the request: 400. It closes the connection, because the body may be another request.
    pub(super) fn response(self, version: Version) -> Response {
        let text = match self {
            Self::NoHost => "This request names no host.\n",
            Self::ManyHosts => "This request names its host more than once.\n",
            Self::BadHost => "This request names a host that is none.\n",
            Self::OtherHost => "This request names two hosts.\n",
            Self::TransferEncoding => "The only transfer coding here is chunked.\n",
        };
        let mut response = (StatusCode::BAD_REQUEST, text).into_response();
        // HTTP/2 has no such header (RFC 9113, section 8.2.2), and no request behind a body.
        if version <= Version::HTTP_11 {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_with_or_without_a_port() {
        let named = |host: &str| named_host(&HeaderMap::from_iter([(header::HOST, host.parse().unwrap())])).is_ok();
        for host in ["chat.example.org", "Chat.example.org:3000", "10.0.0.1:80", "[::1]:3000", "[2001:db8::7]", "x:"] {
            assert!(named(host), "{host:?}");
        }
        for host in
            ["", " ", ":80", "a b", "a/b", "http://a", "a@b", "a:b", "a:65536", "a:-1", "a,b", "a?b", "::1", "[::1"]
        {
            assert!(!named(host), "{host:?}");
        }
    }
}
