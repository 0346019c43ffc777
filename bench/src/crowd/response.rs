//! Parses an HTTP/1.1 response from bytes. The crowd reads the responses to its polls and posts with it. It knows no sockets,
//! and only the kinds of responses that the measured servers send.

use std::ops::Range;

use anyhow::{Context, Result, bail, ensure};

/// Finds the body of the response that `bytes` start with. Returns None while the response is incomplete. The response ends
/// where its body ends.
///
/// # Errors
/// When the status is neither 200 nor 204, when the length of the body is unknown, and when the body is compressed.
pub(super) fn body(bytes: &[u8]) -> Result<Option<Range<usize>>> {
    let Some(start) = end_of_head(bytes) else { return Ok(None) };
    let head = str::from_utf8(&bytes[..start]).context("the head of a response is not text")?;
    let mut lines = head.split("\r\n");
    let first = lines.next().unwrap_or_default();
    let status = first.split(' ').nth(1).unwrap_or_default();
    let is_empty = status == "204";
    let mut length = None;
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            length = Some(value.trim().parse::<usize>()?);
        } else if name.eq_ignore_ascii_case("content-encoding") {
            bail!("a response is compressed without having been asked to");
        }
    }
    let length = if is_empty { 0 } else { length.with_context(|| format!("a response has no length: {first}"))? };
    let body = start..start + length;
    if body.end > bytes.len() {
        return Ok(None);
    }
    let text = || String::from_utf8_lossy(&bytes[body.clone()]).into_owned();
    ensure!(is_empty || status == "200", "the server answered {first}: {}", text());
    Ok(Some(body))
}

/// Returns where the head of a response ends, or None while it is incomplete.
pub(super) fn end_of_head(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|place| place + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_is_read_once_it_is_complete_and_the_next_one_is_left() {
        let first = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
        for cut in 0..first.len() {
            assert_eq!(body(&first[..cut]).expect("the start of one"), None, "cut at {cut}");
        }
        let both = [&first[..], b"HTTP/1.1 204 No Content\r\n\r\n"].concat();
        let found = body(&both).expect("valid").expect("complete");
        assert_eq!(&both[found.clone()], b"abc");
        let second = body(&both[found.end..]).expect("valid").expect("complete");
        assert!(second.is_empty());
    }

    #[test]
    fn a_refusal_is_reported_with_its_status_and_its_body() {
        let refusal = b"HTTP/1.1 429 Too Many Requests\r\ncontent-length: 4\r\n\r\nbusy";
        let error = body(refusal).expect_err("refused").to_string();
        assert!(error.contains("429") && error.contains("busy"), "{error}");
    }
}
