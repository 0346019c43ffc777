//! Serves the built frontend files, which the binary contains. A fingerprint of all files is part of their
//! path, so that browsers may cache them for ever, and a page never loads files of two builds.

use std::sync::LazyLock;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

/// The files that cargo-leptos built. A release binary contains them, with compressed copies named `.br` and `.gz`. A
/// debug build reads them from the folder at each request.
#[derive(RustEmbed)]
#[folder = "../target/site"]
struct SiteFiles;

/// `Cache-Control` of a release's fingerprinted files.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// `Cache-Control` of the files at the root, whose paths stay the same in each release.
const FOR_AN_HOUR: &str = "public, max-age=3600";
/// `Cache-Control` of a debug build's files, which change under the same fingerprint.
const NEVER: &str = "no-store";

/// Content encodings of the compressed copies, preferred first, and the endings of their names.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Returns the routes: `/assets/{fingerprint}/…` for every file, and `/name` for each file at the root of the site,
/// such as `/favicon.ico`.
pub(super) fn router() -> Router {
    let mut router = Router::new().route("/assets/{fingerprint}/{*path}", get(hashed));
    for name in SiteFiles::iter().filter(|name| !name.contains('/') && !is_encoded(name)) {
        router = router.route(&format!("/{name}"), get(at_the_root));
    }
    router
}

/// Returns the path of this build's files, without a slash at the end: `/assets/{fingerprint}`.
pub(super) fn root() -> &'static str {
    static ROOT: LazyLock<String> = LazyLock::new(|| format!("/assets/{}", fingerprint()));
    &ROOT
}

/// Returns a fingerprinted file; 404 for another build's fingerprint.
async fn hashed(Path((asked, path)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let is_ours = root().ends_with(&format!("/{asked}"));
    if !is_ours {
        return StatusCode::NOT_FOUND.into_response();
    }
    answer(&path, &headers, if cfg!(debug_assertions) { NEVER } else { FOR_EVER })
}

/// Returns a file at the root of the site.
async fn at_the_root(uri: Uri, headers: HeaderMap) -> Response {
    answer(uri.path().trim_start_matches('/'), &headers, FOR_AN_HOUR)
}

/// Returns a file, in the first of [`ENCODINGS`] that exists and the request accepts, else as it is; 404 if there is
/// none. A compressed copy has no path of its own.
fn answer(path: &str, headers: &HeaderMap, cache_control: &'static str) -> Response {
    let best = ENCODINGS
        .iter()
        .filter(|(encoding, _)| accepts(headers, encoding))
        .find_map(|(encoding, ending)| Some((SiteFiles::get(&format!("{path}{ending}"))?, Some(*encoding))));
    let plain = || SiteFiles::get(path).map(|file| (file, None));
    let Some((file, encoding)) = best.or_else(plain).filter(|_| !is_encoded(path)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = body(file).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn body(file: EmbeddedFile) -> Body {
    match file.data {
        std::borrow::Cow::Borrowed(bytes) => Body::from(bytes),
        std::borrow::Cow::Owned(bytes) => Body::from(bytes),
    }
}

/// Whether `Accept-Encoding` names an encoding, with a quality above zero.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let said = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    said.split(',').any(|part| {
        let (name, quality) = part.split_once(';').unwrap_or((part, ""));
        name.trim() == encoding && !matches!(quality.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

/// Whether a name is that of a compressed copy.
fn is_encoded(name: &str) -> bool {
    ENCODINGS.iter().any(|(_, ending)| name.ends_with(ending))
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "ico" => "image/x-icon",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

/// Returns 12 hexadecimal digits of a hash over the names and contents of all files.
fn fingerprint() -> String {
    let mut names: Vec<_> = SiteFiles::iter().collect();
    names.sort();
    let mut hasher = Sha256::new();
    for name in names {
        if let Some(file) = SiteFiles::get(&name) {
            hasher.update(name.as_bytes());
            hasher.update(file.metadata.sha256_hash());
        }
    }
    hasher.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
