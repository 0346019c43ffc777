//! Finds out which request of a connection says twice how long its body is. Called by `ordinary`, with whatever hyper reads
//! and with each request that comes of it; knows nothing of what is asked for.
//!
//! By RFC 9112, section 6.3, such a request may be an attempt to smuggle another one past a proxy. hyper takes the chunks
//! for it, and drops the length before anyone else can see that there was one. So the heads are read here once more, as
//! they come, and counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::{HeaderName, header};
use httparse::Status;

use super::ordinary::MAX_HEADER_BYTES;

/// As many as hyper reads (`http1::Builder::max_headers`).
const MAX_HEADERS: usize = 100;

/// See the module. One for each connection that hyper serves, from the first byte of a head on.
pub(super) struct Heads {
    place: Place,
    count: Arc<Count>,
    n_read: usize,
}

/// What is known of the requests of a connection that hyper serves.
#[derive(Default)]
pub(super) struct Count {
    n_served: AtomicUsize,
    /// The number of the request that says its length twice, from 1 on; 0 if none does. It is the last that is looked at.
    doubtful: AtomicUsize,
}

/// Where in what is read the next byte is.
enum Place {
    /// In a head, of which this has come.
    Head(Vec<u8>),
    /// In a body of which so many bytes are still to come.
    Body(u64),
    /// Behind the last request: hyper closes the connection, or is told to.
    Over,
}

/// What a head says of the body behind it.
enum Says {
    Length(u64),
    Chunks,
    Both,
    Nonsense,
}

impl Count {
    /// A request has come, the next in order: does it say its length twice?
    pub(super) fn is_next_doubtful(&self) -> bool {
        let number = self.n_served.fetch_add(1, Ordering::Relaxed) + 1;
        self.doubtful.load(Ordering::Relaxed) == number
    }
}

impl Heads {
    pub(super) fn new(count: Arc<Count>) -> Self {
        Self { place: Place::Head(Vec::new()), count, n_read: 0 }
    }

    /// Looks at what was read next.
    pub(super) fn look(&mut self, mut read: &[u8]) {
        while !read.is_empty() {
            let n_bytes = match &mut self.place {
                Place::Head(begun) => {
                    let n_before = begun.len();
                    begun.extend_from_slice(read);
                    match parse(begun) {
                        Some((n_head_bytes, says)) => {
                            self.place = self.behind(says);
                            n_head_bytes - n_before
                        }
                        None if begun.len() < MAX_HEADER_BYTES => return,
                        None => return self.place = Place::Over,
                    }
                }
                Place::Body(n_left) => {
                    let n_bytes = read.len().min(usize::try_from(*n_left).unwrap_or(usize::MAX));
                    *n_left -= n_bytes as u64;
                    if *n_left == 0 {
                        self.place = Place::Head(Vec::new());
                    }
                    n_bytes
                }
                Place::Over => return,
            };
            read = &read[n_bytes..];
        }
    }

    /// What comes behind a head that says this.
    fn behind(&mut self, says: Says) -> Place {
        self.n_read += 1;
        match says {
            Says::Length(0) => Place::Head(Vec::new()),
            Says::Length(n_bytes) => Place::Body(n_bytes),
            // Where chunks end isn't looked for: `lengths` closes the connection behind them, or `owner` has it back.
            Says::Chunks | Says::Nonsense => Place::Over,
            Says::Both => {
                self.count.doubtful.store(self.n_read, Ordering::Relaxed);
                Place::Over
            }
        }
    }
}

/// How long the head is that `read` begins with, and what it says; nothing if it isn't whole.
fn parse(read: &[u8]) -> Option<(usize, Says)> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut head = httparse::Request::new(&mut headers);
    match head.parse(read) {
        Ok(Status::Complete(n_bytes)) => Some((n_bytes, says(head.headers))),
        Ok(Status::Partial) => None,
        Err(_) => Some((read.len(), Says::Nonsense)),
    }
}

fn says(headers: &[httparse::Header<'_>]) -> Says {
    let find = |name: HeaderName| headers.iter().find(|header| header.name.eq_ignore_ascii_case(name.as_str()));
    match (find(header::CONTENT_LENGTH), find(header::TRANSFER_ENCODING)) {
        (None, None) => Says::Length(0),
        (None, Some(_)) => Says::Chunks,
        (Some(_), Some(_)) => Says::Both,
        // What is no number hyper refuses, and so it does several lengths that differ.
        (Some(length), None) => {
            let length = std::str::from_utf8(length.value).ok().and_then(|length| length.parse().ok());
            length.map_or(Says::Nonsense, Says::Length)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PLAIN: &str = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
    /// Its body looks like a request of two lengths.
    const SIZED: &str = "POST /a HTTP/1.1\r\ncontent-length: 67\r\nhost: x\r\n\r\n\
                         POST / HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n";
    const DOUBTFUL: [&str; 3] = [
        "POST /a HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n",
        "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\nx: y\r\nContent-Length: 5\r\n\r\n",
        "\r\nPOST /a HTTP/1.1\ntransfer-encoding: gzip\ncontent-length: 0\n\n",
    ];

    /// The number of the doubtful request in a text that comes in pieces of these lengths; 0 for none.
    fn doubtful_in(text: &str, lengths: &[usize]) -> usize {
        let count = Arc::<Count>::default();
        let mut heads = Heads::new(Arc::clone(&count));
        let (mut rest, mut lengths) = (text.as_bytes(), lengths.iter().cycle());
        while !rest.is_empty() {
            let n_bytes = lengths.next().map_or(rest.len(), |length| (*length).min(rest.len()));
            heads.look(&rest[..n_bytes]);
            rest = &rest[n_bytes..];
        }
        let number = count.doubtful.load(Ordering::Relaxed);
        assert!((1..=number.max(9)).all(|n| count.is_next_doubtful() == (n == number)), "{text:?}");
        number
    }

    proptest! {
        #[test]
        fn a_request_of_two_lengths_is_found_whatever_stands_before_it_and_however_it_comes(
            before in proptest::collection::vec(prop_oneof![Just(PLAIN), Just(SIZED)], 0..4),
            doubtful in 0..DOUBTFUL.len(),
            lengths in proptest::collection::vec(1..200_usize, 1..6),
        ) {
            let text = [&*before.concat(), DOUBTFUL[doubtful], "5\r\nhello\r\n0\r\n\r\n", PLAIN].concat();
            prop_assert_eq!(doubtful_in(&text, &lengths), before.len() + 1);
            prop_assert_eq!(doubtful_in(&before.concat(), &lengths), 0);
        }
    }

    #[test]
    fn nothing_is_looked_for_behind_chunks_and_behind_what_is_no_head() {
        let chunked = "POST /a HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
        let endless = format!("GET / HTTP/1.1\r\nx: {}", "y".repeat(2 * MAX_HEADER_BYTES));
        for text in [chunked, "nonsense\r\n\r\n", "POST /a HTTP/1.1\r\ncontent-length: 5, 5\r\n\r\n", &endless] {
            assert_eq!(doubtful_in(&[text, DOUBTFUL[0]].concat(), &[1_000]), 0, "{text:.80}");
        }
    }
}
