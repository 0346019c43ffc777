//! Checks that cookies pass the proxy unchanged in both directions. The probe's cookie has the attributes of the
//! session's.

use hyper::header::{COOKIE as COOKIE_HEADER, SET_COOKIE};

use super::super::client::Client;
use super::super::finding::{Finding, Fix};
use super::super::proxy_fix::COOKIE as LINES;
use crate::http::probe::{COOKIE, COOKIE_PATH, COOKIE_RECEIVED};

const IMPACT: &str = "nobody can join: after they enter their name, Hubbub asks for it again.";

/// Asks the server to set the probe's cookie, and sends the cookie back. Returns a fault if the cookie is missing,
/// changed, not for this scheme, or not received by the server.
pub(in crate::doctor) async fn check(client: &Client) -> Finding {
    let failed = |seen: String| Finding::failed(seen, IMPACT, Fix::Proxy(&LINES));
    let response = match client.get(COOKIE_PATH, &[]).await {
        Ok(response) => response,
        Err(error) => return failed(error.to_string()),
    };
    let cookies = response.headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    let Some(cookie) = cookies.into_iter().find(|value| value.contains(COOKIE)) else {
        return failed("the cookie that Hubbub sets doesn't arrive".to_owned());
    };
    let mut parts = cookie.split(';').map(str::trim);
    let pair = parts.next().unwrap_or_default();
    let attributes: Vec<String> = parts.map(str::to_ascii_lowercase).collect();
    let has = |attribute: &str| attributes.iter().any(|has| has == attribute);
    if !has("path=/") || (pair.starts_with("__Host-") && !has("secure")) {
        return failed(format!("the proxy changes the cookie that Hubbub sets: {cookie}"));
    }
    if has("secure") && !client.url.is_https {
        let observed = "Hubbub's cookies are for HTTPS only, so browsers don't store them over plain HTTP";
        let instruction = format!("Use the https:// URL, or start: hubbub --public-origin {}", client.url);
        return Finding::failed(observed, IMPACT, Fix::Instruction(instruction));
    }
    match client.get(COOKIE_PATH, &[(COOKIE_HEADER, pair)]).await {
        Ok(response) => match response.text().await {
            Ok(text) if text == COOKIE_RECEIVED => Finding::Passed("cookies pass in both directions".to_owned()),
            Ok(_) => failed("the cookie of a request doesn't reach Hubbub".to_owned()),
            Err(error) => failed(error.to_string()),
        },
        Err(error) => failed(error.to_string()),
    }
}
