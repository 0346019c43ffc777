//! Which line of which proxy's configuration mends what. What is to be added stands in docs/operations.md word for word;
//! a test compares.

use super::client::ProbeResponse;
use hyper::header::{SERVER, VIA};

/// The proxies that there is advice for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proxy {
    Nginx,
    Caddy,
    Apache,
    Traefik,
}

/// What to do in a configuration.
#[derive(Clone, Copy)]
pub(super) enum Line {
    /// These are to be there.
    Write(&'static str),
    /// It does so by itself, unless it is told otherwise, such as by these.
    TakeOut(&'static str),
}

/// For each proxy what to do.
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

/// Requests don't get to Hubbub.
pub(super) static PASSING: Lines = Lines {
    nginx: Line::Write("proxy_pass http://127.0.0.1:3000;"),
    caddy: CADDY_PROXY,
    apache: APACHE_PROXY,
    traefik: TRAEFIK_PROXY,
};

/// The name that people asked for doesn't.
pub(super) static HOST: Lines = Lines {
    nginx: Line::Write("proxy_set_header Host $http_host;"),
    caddy: Line::TakeOut("header_up Host …"),
    apache: Line::Write("ProxyPreserveHost On"),
    traefik: Line::TakeOut("passHostHeader: false"),
};

/// Nor the address they come from.
pub(super) static FORWARDED_FOR: Lines = Lines {
    nginx: Line::Write("proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;"),
    caddy: Line::TakeOut("header_up -X-Forwarded-For"),
    apache: Line::TakeOut("ProxyAddHeaders Off"),
    traefik: Line::TakeOut("X-Forwarded-For: \"\""),
};

/// A socket is asked for, but the asking gets lost.
pub(super) static UPGRADE: Lines = Lines {
    nginx: Line::Write(
        "proxy_http_version 1.1;\nproxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection $connection_upgrade;",
    ),
    caddy: Line::TakeOut("header_up -Upgrade\nbuffer_responses"),
    apache: APACHE_PROXY,
    traefik: TRAEFIK_PROXY,
};

/// Whoever waits is cut off.
pub(super) static WAIT: Lines = Lines {
    nginx: Line::Write("proxy_read_timeout 120s;"),
    caddy: Line::TakeOut("response_header_timeout …\nread_timeout …\nwrite …"),
    apache: APACHE_PROXY,
    traefik: Line::Write("readTimeout: 0s"),
};

/// What comes bit by bit is held back.
pub(super) static STREAM: Lines = Lines {
    nginx: Line::Write("proxy_buffering off;"),
    caddy: Line::TakeOut("flush_interval …\nbuffer_responses"),
    apache: APACHE_PROXY,
    traefik: Line::TakeOut("buffering: …"),
};

/// It is held back because it is compressed.
pub(super) static COMPRESSED_STREAM: Lines = Lines {
    nginx: Line::Write("proxy_buffering off;\ngzip off;"),
    caddy: Line::TakeOut("encode …"),
    apache: Line::Write("SetEnv no-gzip 1\nSetEnv no-brotli 1"),
    traefik: Line::TakeOut("compress: …"),
};

/// Nobody is told that browsers can read what is compressed.
pub(super) static COMPRESSION: Lines = Lines {
    nginx: Line::TakeOut("proxy_set_header Accept-Encoding …;"),
    caddy: Line::TakeOut("header_up Accept-Encoding …\nheader_up -Accept-Encoding"),
    apache: Line::TakeOut("RequestHeader unset Accept-Encoding"),
    traefik: Line::TakeOut("Accept-Encoding: \"\""),
};

/// Cookies get lost, or are rewritten.
pub(super) static COOKIE: Lines = Lines {
    nginx: Line::TakeOut(
        "proxy_hide_header Set-Cookie;\nproxy_cookie_path …;\nproxy_cookie_flags …;\nproxy_set_header Cookie …;",
    ),
    caddy: Line::TakeOut("header_down -Set-Cookie\nheader_up -Cookie"),
    apache: Line::TakeOut("Header unset Set-Cookie\nProxyPassReverseCookiePath …\nRequestHeader unset Cookie"),
    traefik: Line::TakeOut("Set-Cookie: \"\"\nCookie: \"\""),
};

impl Proxy {
    /// The proxy that an answer came through, if it says so.
    pub(super) fn of(answer: &ProbeResponse) -> Option<Self> {
        let said = format!("{} {}", answer.header(SERVER), answer.header(VIA)).to_ascii_lowercase();
        let named = [("nginx", Self::Nginx), ("caddy", Self::Caddy), ("apache", Self::Apache)];
        named.into_iter().find(|(name, _)| said.contains(name)).map(|(_, proxy)| proxy)
    }

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
    /// What to do in each, and first in the one that is there.
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
