//! The setting `--public-origin`: where browsers find the site.

use std::fmt;
use std::str::FromStr;

use axum::http::Uri;
use thiserror::Error;

/// Scheme, host and port, such as `https://chat.example.org`; in lower case.
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

    pub(super) fn as_str(&self) -> &str {
        &self.0
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
