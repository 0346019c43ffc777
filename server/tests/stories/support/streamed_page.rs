//! A page that is read while the server writes it, as by a browser without script.

use futures_util::FutureExt;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::PATIENCE;
use super::http::{HttpResponse, Request};
use super::person::Person;
use super::site::Site;

#[derive(Debug)]
pub(crate) struct StreamedPage {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    /// The body that was read so far.
    pub(crate) text: String,
    stream: TcpStream,
    /// The first bytes of a character whose last bytes were not read yet.
    rest: Vec<u8>,
}

impl StreamedPage {
    /// Opens a page. Fails the test if the page is refused.
    pub(crate) async fn open(person: &Person, path: &str) -> Self {
        let page = Self::of(person.get(path)).await;
        assert_eq!(page.status, 200, "{page:?}");
        page
    }

    /// Sends a request, and reads the head of the response.
    pub(crate) async fn of(request: Request) -> Self {
        // HTTP/1.0 has no chunks, whose sizes would be part of the text.
        let (head, stream) = request.version_1_0().begin().await.head().await;
        let (head, text) =
            head.split_once("\r\n\r\n").map(|(head, text)| (head.to_owned(), text.to_owned())).expect("a head");
        let HttpResponse { status, headers, .. } = HttpResponse::parse(&format!("{head}\r\n\r\n"));
        Self { status, headers, text, stream, rest: Vec::new() }
    }

    /// Opens a page of history, and reads it whole. The response stays open.
    pub(crate) async fn past(person: &Person, path: &str) -> Self {
        let mut page = Self::open(person, path).await;
        page.shows("</html>").await;
        page
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Reads until the page contains a text.
    pub(crate) async fn shows(&mut self, text: &str) {
        while !self.text.contains(text) {
            assert!(self.read_some().await, "it ended without {text:?}: {}", self.text);
        }
    }

    /// Reads to the end.
    pub(crate) async fn ended(&mut self) {
        while self.read_some().await {}
    }

    /// Returns what the server has written up to now, and asserts that the page goes on. The server has done all that
    /// was due, because it has answered another request meanwhile.
    pub(crate) async fn text_so_far(&mut self, site: &Site) -> &str {
        assert_eq!(site.get("/healthz").send().await.status, 200);
        while let Some(is_open) = self.read_some().now_or_never() {
            assert!(is_open, "the page ended: {}", self.text);
        }
        &self.text
    }

    /// Returns the bodies of the messages.
    pub(crate) fn bodies(&self) -> Vec<String> {
        let bodies = self.text.split(r#"data-body="" class="message-body">"#).skip(1);
        bodies.map(|rest| rest.split('<').next().unwrap_or_default().to_owned()).collect()
    }

    /// Returns the target of the link with this text.
    pub(crate) fn link(&self, words: &str) -> Option<String> {
        let before =
            self.text.split(&format!(">{words}</a>")).next().filter(|before| before.len() < self.text.len())?;
        let href = before.rsplit(r#"href=""#).next()?.split('"').next()?;
        Some(unescaped(href))
    }

    /// Returns the address of the frame in the page.
    pub(crate) fn framed(&self) -> String {
        let frame = self.text.split("<iframe").nth(1).unwrap_or_else(|| panic!("no frame: {}", self.text));
        let address = frame.split(r#"src=""#).nth(1).and_then(|rest| rest.split('"').next());
        unescaped(address.expect("an address"))
    }

    async fn read_some(&mut self) -> bool {
        let n_read = timeout(PATIENCE, self.stream.read_buf(&mut self.rest)).await.expect("something comes in time");
        let whole = match std::str::from_utf8(&self.rest) {
            Ok(_) => self.rest.len(),
            Err(error) => error.valid_up_to(),
        };
        let bytes: Vec<u8> = self.rest.drain(..whole).collect();
        self.text.push_str(&String::from_utf8_lossy(&bytes));
        n_read.is_ok_and(|n_read| n_read > 0)
    }
}

fn unescaped(attribute: &str) -> String {
    attribute.replace("&amp;", "&")
}
