//! What a tab's request is answered, and how that is written: by axum, or at once as the bytes of HTTP/1.1. Made by
//! `polls`; whoever serves the connection writes it.

use std::io::Write;
use std::time::SystemTime;

use axum::http::{HeaderMap, HeaderValue, StatusCode, Version, header};
use axum::response::{IntoResponse, Response};
use httpdate::HttpDate;
use hubbub_protocol::{Refusal, ServerFrame};

use super::error;
use super::origin::Foreign;
use crate::hub::Frame;

/// One JSON text a line (<https://github.com/ndjson/ndjson-spec>).
const LINES: &str = "application/x-ndjson";
const TEXT: &str = "text/plain; charset=utf-8";
/// More than the status line and the headers that aren't standing ones.
const HEAD_BYTES: usize = 160;

/// See the module.
#[derive(Debug, PartialEq)]
pub(super) struct Answer {
    status: StatusCode,
    /// None if there is no body.
    content_type: Option<&'static str>,
    retry_after: Option<HeaderValue>,
    body: Vec<u8>,
}

/// What becomes of a connection when its request is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Afterwards {
    Stay,
    Close,
}

impl Answer {
    /// 204 if there is nothing to say.
    pub(super) fn frames(frames: &[Frame]) -> Self {
        if frames.is_empty() { Self::empty(StatusCode::NO_CONTENT) } else { Self::lines(StatusCode::OK, frames) }
    }

    pub(super) fn refused(refusal: Refusal) -> Self {
        Self::refused_as(error::status_of(&refusal), refusal)
    }

    pub(super) fn refused_as(status: StatusCode, refusal: Refusal) -> Self {
        let retry_after = error::retry_after(&refusal);
        Self { retry_after, ..Self::lines(status, &[Frame::from(&ServerFrame::Error { refusal })]) }
    }

    pub(super) fn empty(status: StatusCode) -> Self {
        Self { status, content_type: None, retry_after: None, body: Vec::new() }
    }

    /// What axum's layer says where a handler panics.
    pub(super) fn panicked() -> Self {
        Self::text(StatusCode::INTERNAL_SERVER_ERROR, "Service panicked")
    }

    fn text(status: StatusCode, text: &'static str) -> Self {
        Self { status, content_type: Some(TEXT), retry_after: None, body: text.into() }
    }

    fn lines(status: StatusCode, frames: &[Frame]) -> Self {
        let mut body = Vec::with_capacity(frames.iter().map(|frame| frame.as_text().len() + 1).sum());
        for frame in frames {
            body.extend_from_slice(frame.as_text());
            body.push(b'\n');
        }
        Self { status, content_type: Some(LINES), retry_after: None, body }
    }

    /// All of it, as HTTP/1.1 says it. `standing` are the headers that every answer has, as they are written.
    pub(super) fn to_http1(&self, standing: &[u8], afterwards: Afterwards) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD_BYTES + standing.len() + self.body.len());
        self.write_head(&mut bytes, afterwards).expect("memory takes everything");
        bytes.extend_from_slice(standing);
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }

    fn write_head(&self, into: &mut Vec<u8>, afterwards: Afterwards) -> std::io::Result<()> {
        let reason = self.status.canonical_reason().unwrap_or_default();
        write!(into, "HTTP/1.1 {} {reason}\r\n", self.status.as_str())?;
        if let Some(content_type) = self.content_type {
            write!(into, "content-type: {content_type}\r\n")?;
        }
        if let Some(seconds) = self.retry_after.as_ref().and_then(|after| after.to_str().ok()) {
            write!(into, "retry-after: {seconds}\r\n")?;
        }
        // An answer that never has a body doesn't say how long it is (RFC 9110, section 8.6).
        if self.status != StatusCode::NO_CONTENT {
            write!(into, "content-length: {}\r\n", self.body.len())?;
        }
        if afterwards == Afterwards::Close {
            into.extend_from_slice(b"connection: close\r\n");
        }
        write!(into, "date: {}\r\n", HttpDate::from(SystemTime::now()))
    }
}

impl From<Foreign> for Answer {
    fn from(_: Foreign) -> Self {
        Self::text(StatusCode::FORBIDDEN, Foreign::SAYS)
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let retry_after = self.retry_after.map(|after| [(header::RETRY_AFTER, after)]);
        match self.content_type {
            Some(content_type) => {
                (self.status, [(header::CONTENT_TYPE, content_type)], retry_after, self.body).into_response()
            }
            None => self.status.into_response(),
        }
    }
}

impl Afterwards {
    /// What a request of HTTP/1 asks for. HTTP/1.0 can ask for more, but needn't be given it.
    pub(super) fn asked_for(version: Version, headers: &HeaderMap) -> Self {
        let said = headers.get_all(header::CONNECTION).iter().filter_map(|value| value.to_str().ok());
        let must_close = said.flat_map(|value| value.split(',')).any(|word| word.trim().eq_ignore_ascii_case("close"));
        if must_close || version != Version::HTTP_11 { Self::Close } else { Self::Stay }
    }
}
