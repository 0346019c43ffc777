//! The session's cookie: read from a request, set and taken back in an answer.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};

use super::Site;
use crate::chat::Token;

/// Over HTTPS the prefix keeps other hosts of the domain from setting it (RFC 6265bis, section 4.1.3).
const SECURE_NAME: &str = "__Host-hubbub_session";
const NAME: &str = "hubbub_session";
/// A token is written as 32 bytes in hexadecimal.
const TOKEN_CHARS: usize = 64;
/// The longest that browsers keep a cookie. Whether the session lives is for the server to say.
const KEPT_FOR: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// The tokens that a request carries, in the order in which the browser sends them. There may be more than one, because a
/// page of a sibling domain can set a cookie of the same name, unless the name has the prefix.
pub(super) fn tokens(site: &Site, headers: &HeaderMap) -> impl Iterator<Item = Token> {
    let name = name(site);
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let tokens = pairs.filter(move |(key, value)| *key == name && is_token(value));
    tokens.map(|(_, value)| Token::said(value.to_owned()))
}

/// Whether a value has the form of a token, so that a head full of cookies doesn't cause a thousand lookups.
fn is_token(value: &str) -> bool {
    value.len() == TOKEN_CHARS && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A `Set-Cookie` that carries a token.
pub(super) fn carrying(site: &Site, token: &Token) -> HeaderValue {
    set(site, token.secret(), KEPT_FOR)
}

/// A `Set-Cookie` that takes the token back.
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

fn name(site: &Site) -> &'static str {
    if is_secure(site) { SECURE_NAME } else { NAME }
}

fn is_secure(site: &Site) -> bool {
    site.public_origin.as_ref().is_some_and(super::PublicOrigin::is_https)
}
