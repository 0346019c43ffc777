//! `GET /probe/seen` reports what the server received of the request, as text with one fact a line. The server writes
//! the report and the doctor parses it, both by [`SeenRequest`].

use std::fmt::Write;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, header};

use super::super::address::{Address, Peer};
use super::super::{PublicOrigin, Site, origin};

/// The path of this endpoint.
pub const SEEN_PATH: &str = "/probe/seen";

/// The first line of a report. It tells Hubbub from any other server.
const FIRST_LINE: &str = "This is Hubbub.";
/// The value of a fact that is missing.
const NONE: &str = "none";

/// The parts of a request that the server received, and the origin and address that its settings derive from them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenRequest {
    /// The time of the server's clock.
    pub time: SystemTime,
    /// The `Host` header; `none` if it is missing.
    pub host: String,
    /// Whether the server accepts a WebSocket request with this request's `Origin`.
    pub origin_is_ours: bool,
    /// The setting `--public-origin`.
    pub public_origin: Option<String>,
    /// The number of addresses in the `X-Forwarded-For` headers.
    pub n_forwarded_for: usize,
    /// Whether the TCP peer is one of the settings `--trusted-proxy`.
    pub proxy_is_trusted: bool,
    /// The address that the server takes for the client's.
    pub address: IpAddr,
}

/// Returns the report on the request.
pub(super) async fn answer(
    State(site): State<Arc<Site>>,
    Extension(peer): Extension<Peer>,
    Address(address): Address,
    headers: HeaderMap,
) -> String {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or(NONE).to_owned();
    let chains = headers.get_all("x-forwarded-for").iter().filter_map(|chain| chain.to_str().ok());
    let seen = SeenRequest {
        time: SystemTime::now(),
        host: text(header::HOST),
        origin_is_ours: origin::check_socket(&site, &headers).is_ok(),
        public_origin: site.public_origin.as_ref().map(PublicOrigin::to_string),
        n_forwarded_for: chains.flat_map(|chain| chain.split(',')).count(),
        proxy_is_trusted: peer.is_trusted(&site),
        address,
    };
    seen.to_text()
}

impl SeenRequest {
    fn to_text(&self) -> String {
        let since_1970 = self.time.duration_since(UNIX_EPOCH).unwrap_or_default();
        let facts = [
            ("time-ms", since_1970.as_millis().to_string()),
            ("host", self.host.clone()),
            ("origin-is-ours", self.origin_is_ours.to_string()),
            ("public-origin", self.public_origin.as_deref().unwrap_or(NONE).to_owned()),
            ("forwarded-for", self.n_forwarded_for.to_string()),
            ("proxy-is-trusted", self.proxy_is_trusted.to_string()),
            ("address", self.address.to_string()),
        ];
        let mut text = format!("{FIRST_LINE}\n");
        for (name, fact) in facts {
            writeln!(text, "{name}: {fact}").expect("a string takes all that is written");
        }
        text
    }

    /// Parses a report. Returns None if the text isn't Hubbub's, or if a fact is missing, as from another version.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let is_ours = lines.next() == Some(FIRST_LINE);
        let facts: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(": ")).collect();
        let fact = |name| facts.iter().find(|(key, _)| *key == name).map(|(_, fact)| *fact).filter(|_| is_ours);
        Some(Self {
            time: UNIX_EPOCH.checked_add(Duration::from_millis(fact("time-ms")?.parse().ok()?))?,
            host: fact("host")?.to_owned(),
            origin_is_ours: fact("origin-is-ours")?.parse().ok()?,
            public_origin: fact("public-origin").filter(|origin| *origin != NONE).map(str::to_owned),
            n_forwarded_for: fact("forwarded-for")?.parse().ok()?,
            proxy_is_trusted: fact("proxy-is-trusted")?.parse().ok()?,
            address: fact("address")?.parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_parsed_back_from_its_text() {
        let seen = SeenRequest {
            time: UNIX_EPOCH + Duration::from_millis(1_760_000_000_000),
            host: "chat.example.org:8443".to_owned(),
            origin_is_ours: true,
            public_origin: None,
            n_forwarded_for: 3,
            proxy_is_trusted: false,
            address: "2001:db8::7".parse().unwrap(),
        };
        assert_eq!(SeenRequest::parse(&seen.to_text()), Some(seen.clone()));
        assert_eq!(SeenRequest::parse(&seen.to_text().replace("Hubbub", "Elsewhere")), None);
    }
}
