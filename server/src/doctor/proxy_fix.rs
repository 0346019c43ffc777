//! The changes to each proxy's configuration that fix a fault. A test compares them with docs/operations.md: each
//! configuration there has every line to add, and no line to remove.

use super::client::ProbeResponse;
use hyper::header::{SERVER, VIA};

/// The proxies whose configuration the doctor knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proxy {
    Nginx,
    Caddy,
    Apache,
    Traefik,
}

/// A change to the configuration of one proxy.
#[derive(Clone, Copy)]
pub(super) enum ConfigChange {
    /// Add these lines.
    Add(&'static str),
    /// Remove lines such as these. The proxy's default is right, and these lines change it.
    Remove(&'static str),
}

/// The fix of one fault: a change for each proxy.
pub(super) struct ProxyFix {
    nginx: ConfigChange,
    caddy: ConfigChange,
    apache: ConfigChange,
    traefik: ConfigChange,
}

const CADDY_PROXY: ConfigChange = ConfigChange::Add("reverse_proxy 127.0.0.1:3000");
const APACHE_PROXY: ConfigChange =
    ConfigChange::Add("ProxyPass / http://127.0.0.1:3000/ upgrade=websocket timeout=120 flushpackets=on");
const TRAEFIK_PROXY: ConfigChange = ConfigChange::Add("- url: http://127.0.0.1:3000");

/// For the fault that requests don't reach Hubbub.
pub(super) static PROXY_PASS: ProxyFix = ProxyFix {
    nginx: ConfigChange::Add("proxy_pass http://127.0.0.1:3000;"),
    caddy: CADDY_PROXY,
    apache: APACHE_PROXY,
    traefik: TRAEFIK_PROXY,
};

/// For the fault that the proxy replaces the `Host` header.
pub(super) static HOST: ProxyFix = ProxyFix {
    nginx: ConfigChange::Add("proxy_set_header Host $http_host;"),
    caddy: ConfigChange::Remove("header_up Host …"),
    apache: ConfigChange::Add("ProxyPreserveHost On"),
    traefik: ConfigChange::Remove("passHostHeader: false"),
};

/// For the fault that `X-Forwarded-For` is missing, or passed on as the client sent it.
pub(super) static FORWARDED_FOR: ProxyFix = ProxyFix {
    nginx: ConfigChange::Add("proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;"),
    caddy: ConfigChange::Remove("header_up -X-Forwarded-For"),
    apache: ConfigChange::Remove("ProxyAddHeaders Off"),
    traefik: ConfigChange::Remove("X-Forwarded-For: \"\""),
};

/// For the fault that the proxy drops the `Upgrade` header, so that no WebSocket opens.
pub(super) static UPGRADE: ProxyFix = ProxyFix {
    nginx: ConfigChange::Add(
        "proxy_http_version 1.1;\nproxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection $connection_upgrade;",
    ),
    caddy: ConfigChange::Remove("header_up -Upgrade\nbuffer_responses"),
    apache: APACHE_PROXY,
    traefik: TRAEFIK_PROXY,
};

/// For the fault that the proxy's timeout ends a long poll.
pub(super) static WAIT: ProxyFix = ProxyFix {
    nginx: ConfigChange::Add("proxy_read_timeout 120s;"),
    caddy: ConfigChange::Remove("response_header_timeout …\nread_timeout …\nwrite …"),
    apache: APACHE_PROXY,
    traefik: ConfigChange::Add("readTimeout: 0s"),
};

/// For the fault that the proxy buffers a streamed response.
pub(super) static STREAM: ProxyFix = ProxyFix {
    nginx: ConfigChange::Add("proxy_buffering off;"),
    caddy: ConfigChange::Remove("flush_interval …\nbuffer_responses"),
    apache: APACHE_PROXY,
    traefik: ConfigChange::Remove("buffering: …"),
};

/// For the fault that the proxy buffers a streamed response in order to compress it.
pub(super) static COMPRESSED_STREAM: ProxyFix = ProxyFix {
    nginx: ConfigChange::Add("proxy_buffering off;\ngzip off;"),
    caddy: ConfigChange::Remove("encode …"),
    apache: ConfigChange::Add("SetEnv no-gzip 1\nSetEnv no-brotli 1"),
    traefik: ConfigChange::Remove("compress: …"),
};

/// For the fault that pages arrive uncompressed, because the proxy removes the browser's `Accept-Encoding`.
pub(super) static COMPRESSION: ProxyFix = ProxyFix {
    nginx: ConfigChange::Remove("proxy_set_header Accept-Encoding …;"),
    caddy: ConfigChange::Remove("header_up Accept-Encoding …\nheader_up -Accept-Encoding"),
    apache: ConfigChange::Remove("RequestHeader unset Accept-Encoding"),
    traefik: ConfigChange::Remove("Accept-Encoding: \"\""),
};

/// For the fault that the proxy drops or rewrites cookies.
pub(super) static COOKIE: ProxyFix = ProxyFix {
    nginx: ConfigChange::Remove(
        "proxy_hide_header Set-Cookie;\nproxy_cookie_path …;\nproxy_cookie_flags …;\nproxy_set_header Cookie …;",
    ),
    caddy: ConfigChange::Remove("header_down -Set-Cookie\nheader_up -Cookie"),
    apache: ConfigChange::Remove("Header unset Set-Cookie\nProxyPassReverseCookiePath …\nRequestHeader unset Cookie"),
    traefik: ConfigChange::Remove("Set-Cookie: \"\"\nCookie: \"\""),
};

impl Proxy {
    /// Returns the proxy that the response names in `Server` or `Via`; None if it names none. Never returns Traefik.
    pub(super) fn of(response: &ProbeResponse) -> Option<Self> {
        let headers = format!("{} {}", response.header(SERVER), response.header(VIA)).to_ascii_lowercase();
        let names = [("nginx", Self::Nginx), ("caddy", Self::Caddy), ("apache", Self::Apache)];
        names.into_iter().find(|(name, _)| headers.contains(name)).map(|(_, proxy)| proxy)
    }

    /// Returns the name as the proxy's documentation writes it, which is also its heading in docs/operations.md.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Caddy => "Caddy",
            Self::Apache => "Apache",
            Self::Traefik => "Traefik",
        }
    }
}

impl ProxyFix {
    /// Returns the change for each proxy. The change for the proxy `first`, if given, comes first.
    pub(super) fn changes(&self, first: Option<Proxy>) -> Vec<(Proxy, ConfigChange)> {
        let mut all = vec![
            (Proxy::Nginx, self.nginx),
            (Proxy::Caddy, self.caddy),
            (Proxy::Apache, self.apache),
            (Proxy::Traefik, self.traefik),
        ];
        all.sort_by_key(|(proxy, _)| Some(*proxy) != first);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_configurations_need_no_line_added_or_removed() {
        let document = include_str!("../../../docs/operations.md");
        let section = |proxy: Proxy| {
            let (_, rest) = document
                .split_once(&format!("\n### {}\n", proxy.name()))
                .expect("the document has a section for each proxy");
            rest.split("\n##").next().unwrap_or_default()
        };
        let all =
            [&PROXY_PASS, &HOST, &FORWARDED_FOR, &UPGRADE, &WAIT, &STREAM, &COMPRESSED_STREAM, &COMPRESSION, &COOKIE];
        for (proxy, change) in all.iter().flat_map(|fix| fix.changes(None)) {
            let configuration: Vec<&str> = section(proxy).lines().map(str::trim).collect();
            let (lines, is_expected) = match change {
                ConfigChange::Add(lines) => (lines, true),
                ConfigChange::Remove(lines) => (lines, false),
            };
            for line in lines.lines() {
                let is_there = configuration.iter().any(|documented| documented.trim_end_matches(" {") == line);
                assert_eq!(is_there, is_expected, "{}: {line}", proxy.name());
            }
        }
    }
}
