//! The session cookie: read from requests, set and deleted by responses.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};

use super::Site;
use crate::chat::Token;

/// The cookie's name if the public origin is HTTPS. The prefix keeps other hosts of the domain from setting the cookie
/// (RFC 6265bis, section 4.1.3).
const SECURE_NAME: &str = "__Host-hubbub_session";
/// The cookie's name over HTTP.
const NAME: &str = "hubbub_session";
/// The length of a token: 32 bytes in hexadecimal.
const TOKEN_CHARS: usize = 64;
/// `Max-Age` of the cookie: the longest that browsers keep one. The store decides when the session expires.
const KEPT_FOR: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// Returns the tokens in a request's cookies, in the order of the headers. There may be more than one, because a page
/// of a sibling domain can set a cookie of the same name, unless the name has the prefix.
pub(super) fn tokens(site: &Site, headers: &HeaderMap) -> impl Iterator<Item = Token> {
    let name = name(site);
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let tokens = pairs.filter(move |(key, value)| *key == name && is_token(value));
    tokens.map(|(_, value)| Token::from_cookie(value.to_owned()))
}

/// Whether a value has the form of a token, so that a head full of cookies doesn't cause a thousand lookups.
fn is_token(value: &str) -> bool {
    value.len() == TOKEN_CHARS && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Returns the `Set-Cookie` value that gives a token to the browser.
pub(super) fn carrying(site: &Site, token: &Token) -> HeaderValue {
    set(site, token.secret(), KEPT_FOR)
}

/// Returns the `Set-Cookie` value that deletes the cookie.
pub(super) fn taken_back(site: &Site) -> HeaderValue {
    set(site, "", Duration::ZERO)
}

fn set(site: &Site, value: &str, kept_for: Duration) -> HeaderValue {
    let secure = if is_secure(site) { "; Secure" } else { "" };
    let text =
        format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{secure}", name(site), kept_for.as_secs());
    let mut value = HeaderValue::try_from(text).expect("hexadecimal digits and fixed text make a header");
    value.set_sensitive(true);
    value
}

/// Returns the cookie's name on this site.
fn name(site: &Site) -> &'static str {
    if is_secure(site) { SECURE_NAME } else { NAME }
}

/// Whether the cookie is for HTTPS only.
fn is_secure(site: &Site) -> bool {
    site.public_origin.as_ref().is_some_and(super::PublicOrigin::is_https)
}
