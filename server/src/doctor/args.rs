//! The arguments of `hubbub doctor`.

use std::fmt;
use std::str::FromStr;

use clap::Args;
use hyper::Uri;
use thiserror::Error;

/// Checks a running Hubbub from outside, through its proxy, as a browser would reach it. Prints each fault
/// and the change to the proxy's configuration that fixes it
#[derive(Args, Clone, Debug)]
pub struct DoctorArgs {
    /// The address at which people open Hubbub, such as https://chat.example.org
    #[arg(value_name = "URL")]
    pub url: ServerUrl,

    /// Seconds that the slowest test response takes, 1 to 60. A lower number is faster, but misses longer proxy
    /// timeouts
    #[arg(long = "wait", value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=60))]
    pub wait_s: u64,
}

/// The server to check: scheme, host and port of the URL under which people open it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerUrl {
    /// Whether the URL's scheme is `https`.
    pub is_https: bool,
    /// A DNS name or an IP address. An IPv6 address has no brackets.
    pub host: String,
    /// The port of the URL, or the default port of its scheme.
    pub(super) port: u16,
    /// Host and port as in a URL: an IPv6 address has brackets, and the scheme's default port is left out.
    pub(super) authority: String,
}

/// The error of parsing a [`ServerUrl`]: the text is not `http://` or `https://` with a host, an optional port and nothing
/// more.
#[derive(Debug, Error)]
#[error("expected a URL such as https://chat.example.org: http:// or https://, a host, optionally a port, and no path")]
pub struct BadServerUrl;

impl FromStr for ServerUrl {
    type Err = BadServerUrl;

    fn from_str(text: &str) -> Result<Self, BadServerUrl> {
        let uri: Uri = text.to_ascii_lowercase().parse().map_err(|_| BadServerUrl)?;
        let is_https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(BadServerUrl),
        };
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@')).ok_or(BadServerUrl)?;
        if authority.host().is_empty() || !matches!(uri.path_and_query().map(|path| path.as_str()), None | Some("/")) {
            return Err(BadServerUrl);
        }
        let default_port = if is_https { 443 } else { 80 };
        let port = authority.port_u16().unwrap_or(default_port);
        let host_in_url = authority.host();
        let authority = if port == default_port { host_in_url.to_owned() } else { format!("{host_in_url}:{port}") };
        let host = host_in_url.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self { is_https, host, port, authority })
    }
}

impl fmt::Display for ServerUrl {
    /// Writes the URL as an origin, as a browser sends it in the `Origin` header.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.is_https { "https" } else { "http" }, self.authority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_written_as_its_origin() {
        for (text, origin) in [
            ("https://Chat.example.org/", "https://chat.example.org"),
            ("https://chat.example.org:443", "https://chat.example.org"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("http://[::1]:3000", "http://[::1]:3000"),
        ] {
            assert_eq!(text.parse::<ServerUrl>().unwrap().to_string(), origin);
        }
        assert_eq!("http://[::1]:3000".parse::<ServerUrl>().unwrap().host, "::1");
    }

    #[test]
    fn text_that_is_not_an_origin_is_refused() {
        for text in ["chat.example.org", "ftp://x", "https://", "https://a/rooms/lobby", "https://a@b", "https://:80"] {
            assert!(text.parse::<ServerUrl>().is_err(), "{text}");
        }
    }
}
