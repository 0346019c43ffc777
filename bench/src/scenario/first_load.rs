//! Measures all bytes that a browser fetches for its first view of a room, compressed with brotli: the page and everything that
//! it names.

use std::collections::BTreeSet;
use std::net::SocketAddrV4;

use anyhow::{Result, ensure};
use serde::Serialize;

use crate::http::Http;
use crate::session::Session;

const PAGE: &str = "/rooms/lobby";
/// Relations of a `<link>` that make a browser fetch its target.
const FETCHED: [&str; 7] =
    ["stylesheet", "icon", "apple-touch-icon", "manifest", "modulepreload", "preload", "mask-icon"];

#[derive(Clone, Debug, Serialize)]
pub(crate) struct FirstLoad {
    pub(crate) total_bytes: usize,
    pub(crate) parts: Vec<Part>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Part {
    pub(crate) path: String,
    pub(crate) bytes: usize,
    /// The server's `Content-Encoding`; None if the server sends the part uncompressed.
    pub(crate) encoding: Option<String>,
}

pub(crate) fn run(server: SocketAddrV4, session: &Session) -> Result<FirstLoad> {
    let mut http = Http::connect(server)?;
    let cookie = ("Cookie", session.cookie.as_str());
    let page = http.get(PAGE, &[cookie])?;
    ensure!(page.status == 200, "{PAGE} answered {}", page.status);
    let mut paths = fetched_by(&String::from_utf8_lossy(&page.body));
    ensure!(paths.iter().any(|path| path.ends_with(".wasm")), "{PAGE} names no WebAssembly");
    let mut parts = vec![fetch(&mut http, PAGE, cookie)?];
    // Styles and scripts may name more: fonts, images, modules.
    let mut done = BTreeSet::from([PAGE.to_owned()]);
    while let Some(path) = paths.pop_first() {
        if !done.insert(path.clone()) {
            continue;
        }
        if path.ends_with(".css") {
            let style = http.get(&path, &[cookie])?;
            paths.extend(named_in_style(&String::from_utf8_lossy(&style.body)));
        }
        if path.ends_with(".js") {
            let script = http.get(&path, &[cookie])?;
            paths.extend(imported_by(&path, &String::from_utf8_lossy(&script.body)));
        }
        parts.push(fetch(&mut http, &path, cookie)?);
    }
    Ok(FirstLoad { total_bytes: parts.iter().map(|part| part.bytes).sum(), parts })
}

fn fetch(http: &mut Http, path: &str, cookie: (&str, &str)) -> Result<Part> {
    let response = http.get(path, &[cookie, ("Accept-Encoding", "br")])?;
    ensure!(response.status == 200, "{path} answered {}", response.status);
    let encoding = response.header("content-encoding").map(str::to_owned);
    Ok(Part { path: path.to_owned(), bytes: response.body.len(), encoding })
}

/// Returns what a browser with script fetches for a page: the targets of links that load, and of `src`.
fn fetched_by(page: &str) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    let pieces = page.split("<noscript>").enumerate();
    let with_script = pieces
        .map(|(i, piece)| if i == 0 { piece } else { piece.split_once("</noscript>").map_or("", |(_, rest)| rest) });
    for tag in with_script.flat_map(|piece| piece.split('<')).filter_map(|rest| rest.split('>').next()) {
        let loads = attribute(tag, "rel").is_some_and(|rel| rel.split(' ').any(|rel| FETCHED.contains(&rel)));
        let target = if tag.starts_with("link") && loads { attribute(tag, "href") } else { attribute(tag, "src") };
        paths.extend(target.and_then(local));
    }
    paths
}

fn named_in_style(style: &str) -> BTreeSet<String> {
    let targets = style.split("url(").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter_map(|target| local(target.trim_matches(['"', '\'', ' ']))).collect()
}

/// Returns the modules that a script needs before it runs: the targets of `import … from "./name"`.
fn imported_by(path: &str, script: &str) -> BTreeSet<String> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let targets = script.split("from").skip(1).filter_map(|rest| {
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        rest.strip_prefix(quote)?.split(quote).next()
    });
    targets.filter_map(|target| target.strip_prefix("./")).map(|name| format!("{folder}/{name}")).collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!(" {name}=\""))?.1.split('"').next()
}

/// Returns the path of a target on the same server, without its fragment; None for other targets, such as `data:` URLs.
fn local(target: &str) -> Option<String> {
    let path = target.split('#').next().unwrap_or_default();
    (path.starts_with('/') && !path.starts_with("//")).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_what_a_browser_fetches_and_links_are_not_fetched() {
        let page = r##"<!DOCTYPE html><html><head>
            <link rel="modulepreload" href="/pkg/hubbub.1a.js"><link rel="preload" href="/pkg/hubbub.2b.wasm" as="fetch">
            <link id="leptos" rel="stylesheet" href="/pkg/hubbub.css"><link rel="icon" href="/icon.svg" type="image/svg+xml">
            <link rel="canonical" href="/rooms/lobby"></head><body><a href="/rooms/rust">Rust</a>
            <img src="/logo.svg#mark"><img src="data:image/png;base64,AA=="><script src="https://example.org/x.js"></script>
            <noscript><iframe src="/rooms/lobby/again"></iframe></noscript><img src="/after.svg">"##;
        let paths: Vec<_> = fetched_by(page).into_iter().collect();
        assert_eq!(
            paths,
            ["/after.svg", "/icon.svg", "/logo.svg", "/pkg/hubbub.1a.js", "/pkg/hubbub.2b.wasm", "/pkg/hubbub.css"]
        );
    }

    #[test]
    fn a_script_names_the_modules_that_it_imports_at_once() {
        let script = r#"import*as s from"./split.js";import { b } from './b.js';f("from here");import("./later.js")"#;
        let paths: Vec<_> = imported_by("/assets/1a/pkg/hubbub.js", script).into_iter().collect();
        assert_eq!(paths, ["/assets/1a/pkg/b.js", "/assets/1a/pkg/split.js"]);
    }

    #[test]
    fn a_style_names_its_fonts_and_images() {
        let style =
            r#"@font-face{src:url("/fonts/a.woff2") format("woff2")}b{background:url(/i.svg#x)}i{mask:url("data:,")}"#;
        assert_eq!(named_in_style(style).into_iter().collect::<Vec<_>>(), ["/fonts/a.woff2", "/i.svg"]);
    }
}
