//! The arguments of `hubbub doctor`.

use std::fmt;
use std::str::FromStr;

use clap::Args;
use hyper::Uri;
use thiserror::Error;

/// Looks at a running Hubbub as a browser would, through whatever stands before it, and says what is wrong and which
/// line of the proxy's configuration mends it
#[derive(Args, Clone, Debug)]
pub struct DoctorArgs {
    /// Where people open Hubbub, such as https://chat.example.org
    #[arg(value_name = "URL")]
    pub target: Target,

    /// Seconds that the longest answer takes, 1 to 60; fewer look quicker, and see less
    #[arg(long = "wait", value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=60))]
    pub wait_s: u64,
}

/// A server as people address it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Whether TLS is spoken with it.
    pub is_https: bool,
    /// A name or an address, without brackets.
    pub host: String,
    pub(super) port: u16,
    /// Host and port as a URL has them.
    pub(super) authority: String,
}

/// Why a text is no address of a server.
#[derive(Debug, Error)]
#[error("write it as people do in their browser: https:// or http://, a host, perhaps a port, and nothing behind it")]
pub struct BadTarget;

impl FromStr for Target {
    type Err = BadTarget;

    fn from_str(text: &str) -> Result<Self, BadTarget> {
        let uri: Uri = text.to_ascii_lowercase().parse().map_err(|_| BadTarget)?;
        let is_https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(BadTarget),
        };
        let given = uri.authority().filter(|given| !given.as_str().contains('@')).ok_or(BadTarget)?;
        if given.host().is_empty() || !matches!(uri.path_and_query().map(|path| path.as_str()), None | Some("/")) {
            return Err(BadTarget);
        }
        let default_port = if is_https { 443 } else { 80 };
        let port = given.port_u16().unwrap_or(default_port);
        let in_url = given.host();
        let authority = if port == default_port { in_url.to_owned() } else { format!("{in_url}:{port}") };
        let host = in_url.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self { is_https, host, port, authority })
    }
}

impl fmt::Display for Target {
    /// As an origin: what a browser says of a page that it has from there.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.is_https { "https" } else { "http" }, self.authority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_written_as_its_origin() {
        for (text, origin) in [
            ("https://Chat.example.org/", "https://chat.example.org"),
            ("https://chat.example.org:443", "https://chat.example.org"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("http://[::1]:3000", "http://[::1]:3000"),
        ] {
            assert_eq!(text.parse::<Target>().unwrap().to_string(), origin);
        }
        assert_eq!("http://[::1]:3000".parse::<Target>().unwrap().host, "::1");
    }

    #[test]
    fn whatever_else_is_written_is_refused() {
        for text in ["chat.example.org", "ftp://x", "https://", "https://a/rooms/lobby", "https://a@b", "https://:80"] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }
}
