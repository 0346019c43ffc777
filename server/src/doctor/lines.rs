//! The lines of proxy configurations that mend each fault. A test compares them with docs/operations.md: the
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
pub(super) enum Line {
    /// The configuration must have these lines.
    Write(&'static str),
    /// The proxy does the right thing by default. Lines such as these change the default, and must be removed.
    TakeOut(&'static str),
}

/// The remedy of one fault: a change for each proxy.
pub(super) struct Lines {
    nginx: Line,
    caddy: Line,
    apache: Line,
    traefik: Line,
}

const CADDY_PROXY: Line = Line::Write("reverse_proxy 127.0.0.1:3000");
const APACHE_PROXY: Line =
    Line::Write("ProxyPass / http://127.0.0.1:3000/ upgrade=websocket timeout=120 flushpackets=on");
const TRAEFIK_PROXY: Line = Line::Write("- url: http://127.0.0.1:3000");

/// For the fault that requests don't reach Hubbub.
pub(super) static PASSING: Lines = Lines {
    nginx: Line::Write("proxy_pass http://127.0.0.1:3000;"),
    caddy: CADDY_PROXY,
    apache: APACHE_PROXY,
    traefik: TRAEFIK_PROXY,
};

/// For the fault that the proxy replaces the `Host` header.
pub(super) static HOST: Lines = Lines {
    nginx: Line::Write("proxy_set_header Host $http_host;"),
    caddy: Line::TakeOut("header_up Host …"),
    apache: Line::Write("ProxyPreserveHost On"),
    traefik: Line::TakeOut("passHostHeader: false"),
};

/// For the fault that `X-Forwarded-For` is missing, or passed on as the client sent it.
pub(super) static FORWARDED_FOR: Lines = Lines {
    nginx: Line::Write("proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;"),
    caddy: Line::TakeOut("header_up -X-Forwarded-For"),
    apache: Line::TakeOut("ProxyAddHeaders Off"),
    traefik: Line::TakeOut("X-Forwarded-For: \"\""),
};

/// For the fault that the proxy drops the `Upgrade` header, so that no WebSocket opens.
pub(super) static UPGRADE: Lines = Lines {
    nginx: Line::Write(
        "proxy_http_version 1.1;\nproxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection $connection_upgrade;",
    ),
    caddy: Line::TakeOut("header_up -Upgrade\nbuffer_responses"),
    apache: APACHE_PROXY,
    traefik: TRAEFIK_PROXY,
};

/// For the fault that the proxy's timeout ends a long poll.
pub(super) static WAIT: Lines = Lines {
    nginx: Line::Write("proxy_read_timeout 120s;"),
    caddy: Line::TakeOut("response_header_timeout …\nread_timeout …\nwrite …"),
    apache: APACHE_PROXY,
    traefik: Line::Write("readTimeout: 0s"),
};

/// For the fault that the proxy buffers a streamed response.
pub(super) static STREAM: Lines = Lines {
    nginx: Line::Write("proxy_buffering off;"),
    caddy: Line::TakeOut("flush_interval …\nbuffer_responses"),
    apache: APACHE_PROXY,
    traefik: Line::TakeOut("buffering: …"),
};

/// For the fault that the proxy buffers a streamed response in order to compress it.
pub(super) static COMPRESSED_STREAM: Lines = Lines {
    nginx: Line::Write("proxy_buffering off;\ngzip off;"),
    caddy: Line::TakeOut("encode …"),
    apache: Line::Write("SetEnv no-gzip 1\nSetEnv no-brotli 1"),
    traefik: Line::TakeOut("compress: …"),
};

/// For the fault that pages arrive uncompressed, because the proxy removes the browser's `Accept-Encoding`.
pub(super) static COMPRESSION: Lines = Lines {
    nginx: Line::TakeOut("proxy_set_header Accept-Encoding …;"),
    caddy: Line::TakeOut("header_up Accept-Encoding …\nheader_up -Accept-Encoding"),
    apache: Line::TakeOut("RequestHeader unset Accept-Encoding"),
    traefik: Line::TakeOut("Accept-Encoding: \"\""),
};

/// For the fault that the proxy drops or rewrites cookies.
pub(super) static COOKIE: Lines = Lines {
    nginx: Line::TakeOut(
        "proxy_hide_header Set-Cookie;\nproxy_cookie_path …;\nproxy_cookie_flags …;\nproxy_set_header Cookie …;",
    ),
    caddy: Line::TakeOut("header_down -Set-Cookie\nheader_up -Cookie"),
    apache: Line::TakeOut("Header unset Set-Cookie\nProxyPassReverseCookiePath …\nRequestHeader unset Cookie"),
    traefik: Line::TakeOut("Set-Cookie: \"\"\nCookie: \"\""),
};

impl Proxy {
    /// Returns the proxy that the response names in `Server` or `Via`; None if it names none. Never returns Traefik.
    pub(super) fn of(answer: &ProbeResponse) -> Option<Self> {
        let said = format!("{} {}", answer.header(SERVER), answer.header(VIA)).to_ascii_lowercase();
        let named = [("nginx", Self::Nginx), ("caddy", Self::Caddy), ("apache", Self::Apache)];
        named.into_iter().find(|(name, _)| said.contains(name)).map(|(_, proxy)| proxy)
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

impl Lines {
    /// Returns the change for each proxy. The change for the proxy `first`, if given, comes first.
    pub(super) fn from(&self, first: Option<Proxy>) -> Vec<(Proxy, Line)> {
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
    fn what_is_to_be_written_stands_in_the_document_under_its_proxy() {
        let document = include_str!("../../../docs/operations.md");
        let chapter = |proxy: Proxy| {
            let (_, rest) = document.split_once(&format!("\n### {}\n", proxy.name())).expect("a chapter for each");
            rest.split("\n##").next().unwrap_or_default()
        };
        let all =
            [&PASSING, &HOST, &FORWARDED_FOR, &UPGRADE, &WAIT, &STREAM, &COMPRESSED_STREAM, &COMPRESSION, &COOKIE];
        for (proxy, line) in all.iter().flat_map(|lines| lines.from(None)) {
            let configuration: Vec<&str> = chapter(proxy).lines().map(str::trim).collect();
            let (lines, is_there) = match line {
                Line::Write(lines) => (lines, true),
                Line::TakeOut(lines) => (lines, false),
            };
            for line in lines.lines() {
                let found = configuration.iter().any(|there| there.trim_end_matches(" {") == line);
                assert_eq!(found, is_there, "{}: {line}", proxy.name());
            }
        }
    }
}
