//! An answer over HTTP/1.1, as bytes. The crowd reads the answers to what it asked and said by it; it knows no sockets
//! and only what the servers measured here send.

use std::ops::Range;

use anyhow::{Context, Result, bail, ensure};

/// A whole answer at the start of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    /// Its body; empty when there was nothing to say.
    pub(super) body: Range<usize>,
}

/// The answer that `bytes` start with, or nothing while it is incomplete.
///
/// # Errors
/// When it is a refusal, with its first line and its body, or has a body of unknown length.
pub(super) fn parse(bytes: &[u8]) -> Result<Option<Answer>> {
    let Some(start) = end_of_head(bytes) else { return Ok(None) };
    let head = str::from_utf8(&bytes[..start]).context("a head that is not text")?;
    let mut lines = head.split("\r\n");
    let first = lines.next().unwrap_or_default();
    let status = first.split(' ').nth(1).unwrap_or_default();
    let is_empty = status == "204";
    let mut length = None;
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            length = Some(value.trim().parse::<usize>()?);
        } else if name.eq_ignore_ascii_case("content-encoding") {
            bail!("an answer was compressed, and nobody had asked for that");
        }
    }
    let length = if is_empty { 0 } else { length.with_context(|| format!("an answer without a length: {first}"))? };
    let body = start..start + length;
    if body.end > bytes.len() {
        return Ok(None);
    }
    let text = || String::from_utf8_lossy(&bytes[body.clone()]).into_owned();
    ensure!(is_empty || status == "200", "the server answered {first}: {}", text());
    Ok(Some(Answer { body }))
}

/// Where a head ends, once it is whole.
pub(super) fn end_of_head(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|place| place + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_when_it_is_whole_and_the_next_one_is_left() {
        let first = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
        for cut in 0..first.len() {
            assert_eq!(parse(&first[..cut]).expect("the start of one"), None, "cut at {cut}");
        }
        let both = [&first[..], b"HTTP/1.1 204 No Content\r\n\r\n"].concat();
        let answer = parse(&both).expect("valid").expect("whole");
        assert_eq!(&both[answer.body.clone()], b"abc");
        let second = parse(&both[answer.body.end..]).expect("valid").expect("whole");
        assert!(second.body.is_empty());
    }

    #[test]
    fn a_refusal_is_told_in_its_own_words() {
        let refusal = b"HTTP/1.1 429 Too Many Requests\r\ncontent-length: 4\r\n\r\nbusy";
        let error = parse(refusal).expect_err("refused").to_string();
        assert!(error.contains("429") && error.contains("busy"), "{error}");
    }
}
