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
    /// The head of one, and too little of its body: it has so many bytes.
    Beginning {
        n_bytes: usize,
    },
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
        return Some(Seen::Beginning { n_bytes });
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WHOLE: &str = "POST /ask?tab=1&wait=9 HTTP/1.1\r\nHost: x\r\ncookie: a=b\r\nContent-Length: 5\r\n\r\nhello";

    fn see_text(text: &str) -> Seen {
        see(&Bytes::copy_from_slice(text.as_bytes()))
    }

    fn with(headers: &str) -> String {
        format!("POST /say?tab=1 HTTP/1.1\r\nhost: x\r\n{headers}\r\n\r\nhello")
    }

    #[test]
    fn a_plain_request_is_taken_apart_and_what_follows_is_left() {
        let Seen::Plain(plain) = see_text(&format!("{WHOLE}POST /say")) else { panic!("it is plain") };
        assert_eq!((plain.kind, plain.uri.query(), &plain.body[..]), (Kind::Ask, Some("tab=1&wait=9"), &b"hello"[..]));
        assert_eq!((plain.n_bytes, plain.afterwards), (WHOLE.len(), Afterwards::Stay));
        assert_eq!(plain.headers[header::COOKIE], "a=b");
        for close in ["Connection: close", "connection: x, CLOSE ,y", "connection: x\r\nconnection: close"] {
            let Seen::Plain(plain) = see_text(&with(&format!("content-length: 5\r\n{close}"))) else {
                panic!("{close}")
            };
            assert_eq!((plain.kind, plain.afterwards), (Kind::Say, Afterwards::Close), "{close}");
        }
    }

    #[test]
    fn a_request_that_is_cut_off_is_never_taken_for_a_whole_one() {
        let n_head_bytes = WHOLE.len() - "hello".len();
        for n_bytes in 0..WHOLE.len() {
            let seen = see_text(&WHOLE[..n_bytes]);
            match n_bytes {
                0 | 1 => assert!(matches!(seen, Seen::Unclear), "{n_bytes}"),
                _ if n_bytes < n_head_bytes => assert!(matches!(seen, Seen::Http1), "{n_bytes}"),
                _ => assert!(matches!(seen, Seen::Beginning { n_bytes } if n_bytes == WHOLE.len()), "{n_bytes}"),
            }
        }
    }

    #[test]
    fn http_2_is_known_by_its_preface_and_by_nothing_less() {
        let preface = String::from_utf8_lossy(PREFACE);
        for n_bytes in 0..PREFACE.len() {
            assert!(matches!(see_text(&preface[..n_bytes]), Seen::Unclear), "{n_bytes}");
        }
        assert!(matches!(see_text(&format!("{preface}and more")), Seen::Http2));
        assert!(matches!(see_text("PRI * HTTP/2.1\r\n\r\n"), Seen::Http1));
    }

    #[test]
    fn whatever_is_unusual_is_left_to_hyper() {
        for headers in [
            "x: y",
            "content-length: 5\r\ncontent-length: 5",
            "content-length: 5\r\ntransfer-encoding: chunked",
            "transfer-encoding: chunked",
            "content-length: 5, 5",
            "content-length: +5",
            "content-length: -5",
            "content-length: 0x5",
            "content-length:",
            "content-length: 5\r\n folded: x",
            "content-length : 5",
            "content-length: 5\nx: y",
            "content-length: 5\r\nx: y\rz",
            "content-length: 5\r\nx: \0",
            "content-length: 5\r\nexpect: 100-continue",
            "content-length: 5\r\nupgrade: websocket",
            "content-length: 99999999999999999999999",
            &format!("content-length: {}", MAX_FRAME_BYTES + 1),
            &format!("content-length: 5{}", "\r\nx: y".repeat(MAX_HEADERS)),
        ] {
            assert!(matches!(see_text(&with(headers)), Seen::Http1), "{headers:?}");
        }
        for line in [
            "GET /ask?tab=1 HTTP/1.1",
            "post /ask?tab=1 HTTP/1.1",
            "POST /ask HTTP/1.1",
            "POST /asked?tab=1 HTTP/1.1",
            "POST  /ask?tab=1 HTTP/1.1",
            "POST /ask?tab=1 HTTP/2.0",
            "POST /ask?tab=1",
            "POST http://x/ask?tab=1 HTTP/1.1",
            "\r\nPOST /ask?tab=1 HTTP/1.1",
        ] {
            assert!(matches!(see_text(&format!("{line}\r\ncontent-length: 0\r\n\r\n")), Seen::Http1), "{line:?}");
        }
    }

    proptest! {
        /// Whatever headers stand around its length, a plain request has one length, and its body is so long.
        #[test]
        fn what_is_taken_is_as_long_as_it_says(
            noise in "(\r\n[a-z]{1,9}: [ -~]{0,8}|\r\ncontent-length: [0-9]|\n[a-z]: x|\r\n [a-z]){0,3}",
            body in "[a-z]{0,9}",
            behind in "[ -~\r\n]{0,20}",
        ) {
            let length = body.len().to_string();
            let text = format!("POST /ask?x HTTP/1.1{noise}\r\ncontent-length: {length}\r\n\r\n{body}{behind}");
            if let Seen::Plain(plain) = see_text(&text) {
                prop_assert_eq!(plain.n_bytes, text.len() - behind.len());
                prop_assert_eq!(&plain.body[..], body.as_bytes());
                prop_assert_eq!(plain.headers.get_all(header::CONTENT_LENGTH).iter().count(), 1);
            }
        }
    }
}
