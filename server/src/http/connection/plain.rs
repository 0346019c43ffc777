//! Recognises the plain request of a tab among the first bytes of a connection. It needn't be right about any other:
//! whatever is unusual goes to hyper, byte for byte as it came, and is answered there as it always was.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, Version, header};
use bytes::Bytes;
use httparse::Status;
use hubbub_protocol::limits::MAX_FRAME_BYTES;

use crate::http::answer::Afterwards;
use crate::http::polls::Kind;

/// What HTTP/2 begins with (RFC 9113, section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Browsers behind two proxies send some thirty.
const MAX_HEADERS: usize = 64;

/// What has come.
pub(super) enum Seen {
    /// A plain request of a tab.
    Plain(Box<Plain>),
    /// The head of one, and too little of its body.
    Beginning,
    /// Too little to say which version of HTTP it is.
    Unclear,
    Http1,
    Http2,
}

/// A plain request.
pub(super) struct Plain {
    pub(super) kind: Kind,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) afterwards: Afterwards,
    /// Of the request. What comes behind it is the next.
    pub(super) n_bytes: usize,
}

/// What `read` begins with.
pub(super) fn see(read: &Bytes) -> Seen {
    if read.starts_with(PREFACE) {
        return Seen::Http2;
    }
    if PREFACE.starts_with(read) {
        return Seen::Unclear;
    }
    plain(read).unwrap_or(Seen::Http1)
}

/// None if it isn't all that a plain request is.
fn plain(read: &Bytes) -> Option<Seen> {
    let kind = kind_of(read)?;
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut head = httparse::Request::new(&mut headers);
    let Ok(Status::Complete(n_head_bytes)) = head.parse(read) else { return None };
    // The parser takes it for the end of a line, as RFC 9112, section 2.2 allows, and a proxy may not.
    if has_bare_line_feed(&read[..n_head_bytes]) {
        return None;
    }
    let version = if head.version? == 1 { Version::HTTP_11 } else { Version::HTTP_10 };
    let uri = Uri::from_maybe_shared(read.slice_ref(head.path?.as_bytes())).ok()?;
    let headers = headers_of(read, head.headers)?;
    let n_bytes = n_head_bytes + length_of(&headers)?;
    if read.len() < n_bytes {
        return Some(Seen::Beginning);
    }
    let afterwards = Afterwards::asked_for(version, &headers);
    let body = read.slice(n_head_bytes..n_bytes);
    Some(Seen::Plain(Box::new(Plain { kind, uri, headers, body, afterwards, n_bytes })))
}

fn kind_of(read: &[u8]) -> Option<Kind> {
    if read.starts_with(b"POST /ask?") {
        Some(Kind::Ask)
    } else if read.starts_with(b"POST /say?") {
        Some(Kind::Say)
    } else {
        None
    }
}

fn has_bare_line_feed(head: &[u8]) -> bool {
    head.windows(2).any(|pair| pair[1] == b'\n' && pair[0] != b'\r')
}

/// None if there is one that makes the request another than a plain one.
fn headers_of(read: &Bytes, parsed: &[httparse::Header<'_>]) -> Option<HeaderMap> {
    let mut headers = HeaderMap::with_capacity(parsed.len());
    for header in parsed {
        let name = HeaderName::from_bytes(header.name.as_bytes()).ok()?;
        if matches!(name, header::TRANSFER_ENCODING | header::EXPECT | header::UPGRADE) {
            return None;
        }
        let value = HeaderValue::from_maybe_shared(read.slice_ref(header.value)).ok()?;
        headers.append(name, value);
    }
    Some(headers)
}

/// The one length that it says, if that may be.
fn length_of(headers: &HeaderMap) -> Option<usize> {
    let mut said = headers.get_all(header::CONTENT_LENGTH).iter();
    let (Some(length), None) = (said.next(), said.next()) else { return None };
    let length = length.as_bytes();
    if !length.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let length = std::str::from_utf8(length).ok()?.parse().ok()?;
    (length <= MAX_FRAME_BYTES).then_some(length)
}
