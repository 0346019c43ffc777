//! Checks that cookies pass the proxy unchanged in both directions. The probe's cookie has the attributes of the
//! session's.

use hyper::header::{COOKIE as COOKIE_HEADER, SET_COOKIE};

use super::super::client::Client;
use super::super::finding::{Finding, Mend};
use super::super::lines::COOKIE as LINES;
use crate::http::probe::{CAME_BACK, COOKIE, COOKIE_PATH};

const MEANS: &str = "nobody can join: they give their name, and are asked for it again.";

/// Asks the server to set the probe's cookie, and sends the cookie back. Returns a fault if the cookie is missing,
/// changed, not for this scheme, or not received by the server.
pub(in crate::doctor) async fn check(client: &Client) -> Finding {
    let wrong = |seen: String| Finding::wrong(seen, MEANS, Mend::Proxy(&LINES));
    let answer = match client.get(COOKIE_PATH, &[]).await {
        Ok(answer) => answer,
        Err(error) => return wrong(error.to_string()),
    };
    let all = answer.headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    let Some(cookie) = all.into_iter().find(|value| value.contains(COOKIE)) else {
        return wrong("a cookie that Hubbub sets doesn't arrive".to_owned());
    };
    let mut parts = cookie.split(';').map(str::trim);
    let pair = parts.next().unwrap_or_default();
    let attributes: Vec<String> = parts.map(str::to_ascii_lowercase).collect();
    let has = |attribute: &str| attributes.iter().any(|has| has == attribute);
    if !has("path=/") || (pair.starts_with("__Host-") && !has("secure")) {
        return wrong(format!("a cookie that Hubbub sets is rewritten on its way: {cookie}"));
    }
    if has("secure") && !client.target.is_https {
        let seen = "cookies are for HTTPS only, and this is plain HTTP, so browsers don't keep them";
        let mend = format!("Open it by HTTPS, or: hubbub --public-origin {}", client.target);
        return Finding::wrong(seen, MEANS, Mend::Other(mend));
    }
    match client.get(COOKIE_PATH, &[(COOKIE_HEADER, pair)]).await {
        Ok(answer) => match answer.text().await {
            Ok(text) if text == CAME_BACK => Finding::Well("a cookie is set, kept and read back".to_owned()),
            Ok(_) => wrong("a cookie that is sent back doesn't reach Hubbub".to_owned()),
            Err(error) => wrong(error.to_string()),
        },
        Err(error) => wrong(error.to_string()),
    }
}
