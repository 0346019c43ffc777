//! Text of people never becomes markup. An HTML parser finds in each page the same elements and attributes as with harmless
//! text.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use scraper::{Html, Node, Selector};

use crate::support::http::Request;
use crate::support::person::Person;
use crate::support::server::TestServer;
use crate::support::streamed_page::StreamedPage;

/// Short enough to be a member's name.
const HOSTILE: [&str; 13] = [
    "</title><plaintext>",
    "</title><meta http-equiv=refresh>",
    "\"><script>alert(1)</script>",
    "\" onfocus=alert(1) autofocus x=\"",
    "' onfocus=alert(1) autofocus x='",
    "</noscript><img src=x onerror=alert(1)>",
    "</textarea></dialog><b>",
    "<!--HEAD--></head><base href=//e.ex>",
    "-->]]><svg onload=alert(1)>",
    "&lt;/title&gt;&quot;&#60;",
    "{<b>&amp;\\\"</b>}",
    "https://e.example/'onclick='<a>",
    "[a](javascript:alert(1))",
];

/// Longer than any field takes, so that the form is refused and shows what was typed.
const TIMES_TOO_LONG: usize = 401;

#[tokio::test]
async fn text_that_people_write_never_becomes_an_element_or_an_attribute() {
    for hostile in HOSTILE {
        let shown = Shown::everywhere(hostile).await;
        let expected = Shown::everywhere(&harmless(hostile)).await;
        assert_eq!(shown.len(), expected.len());
        for (shown, expected) in shown.iter().zip(&expected) {
            for (shown_page, expected_page) in shown.as_parsed().iter().zip(&expected.as_parsed()) {
                let (tree, expected_tree) = (skeleton(shown_page), skeleton(expected_page));
                let first_other = tree.iter().zip(&expected_tree).find(|(tree, expected)| tree != expected);
                assert_eq!(first_other, None, "{hostile} in {}: {}", shown.place, shown.html);
                assert_eq!(tree.len(), expected_tree.len(), "{hostile} in {}: {}", shown.place, shown.html);
            }
        }
    }
}

#[tokio::test]
async fn text_that_people_write_is_shown_as_they_wrote_it() {
    for hostile in HOSTILE {
        let pages = Shown::everywhere(hostile).await;
        let room = Html::parse_document(&pages.iter().find(|page| page.place == "the room").expect("a room").html);
        assert_eq!(texts(&room, "title"), [format!("{hostile} · Hubbub")]);
        assert_eq!(texts(&room, ".room-name"), [hostile]);
        assert_eq!(texts(&room, ".room-topic"), [hostile]);
        assert_eq!(texts(&room, ".message-body"), [hostile]);
        let log = Html::parse_document(&pages.iter().find(|page| page.place == "the stream").expect("a log").html);
        assert_eq!(texts(&log, "title"), [format!("Messages · {hostile}")]);
        assert_eq!(texts(&log, ".message-body"), [hostile]);
    }
}

/// The same text to look at, with nothing in it that means anything in HTML. An address stays one.
fn harmless(text: &str) -> String {
    let (scheme, rest) = if text.starts_with("https://") { text.split_at("https://".len()) } else { ("", text) };
    // An address ends where the hostile text's does, so that both have the same words outside of it.
    let plain = |c: char| match c {
        '<' | '>' if !scheme.is_empty() => ' ',
        c if c.is_alphanumeric() || c == ' ' => c,
        _ => 'x',
    };
    scheme.to_owned() + &rest.chars().map(plain).collect::<String>()
}

/// A page with the text in it.
struct Shown {
    place: &'static str,
    html: String,
}

impl Shown {
    /// A server where a member, a room, its topic and a message are called like the text, and every page that shows
    /// one of them.
    async fn everywhere(text: &str) -> Vec<Self> {
        let server = TestServer::start().await;
        let member = server.join(text).await;
        let created = member.post("/rooms", &[("name", text), ("topic", text)]).send().await;
        let room = created.header("location").to_owned();
        let posted = member.post(&format!("{room}/messages"), &[("body", text)]).send().await;
        assert_eq!((created.status, posted.status), (303, 303), "{text}");

        let encoded = utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let long = text.repeat(TIMES_TOO_LONG);
        let messages = format!("{room}/messages");
        let mut pages = vec![
            Self::live(&member, &format!("{room}/live")).await,
            Self::answer("the room", member.get(&room)).await,
            Self::answer("the start", member.get("/")).await,
            Self::answer("the start without a session", server.get("/")).await,
            Self::answer("the start on the way to a room", server.get(&format!("/?room={encoded}"))).await,
            Self::answer("the keeper", member.get(&format!("{room}/keeper?epoch=1&after=0"))).await,
            Self::answer(
                "a keeper of a room that is not",
                member.get(&format!("/rooms/{encoded}/keeper?epoch=1&after=0")),
            )
            .await,
            Self::answer("a room that is not", member.get(&format!("/rooms/no-{encoded}"))).await,
            Self::answer("a page that is not", member.get(&format!("/{encoded}"))).await,
            Self::answer("a taken name", server.post("/session", &[("name", text), ("room", text)])).await,
            Self::answer("a name too long", server.post("/session", &[("name", &long), ("room", text)])).await,
            Self::answer("a message too long", member.post(&messages, &[("body", &long)])).await,
            Self::answer("a room too long", member.post("/rooms", &[("name", &long), ("topic", text)])).await,
            Self::answer("a topic too long", member.post("/new-room", &[("name", text), ("topic", &long)])).await,
        ];
        let past = StreamedPage::past(&member, &messages).await;
        pages.push(Self { place: "the past", html: past.text });
        pages
    }

    async fn answer(place: &'static str, request: Request) -> Self {
        // Not in chunks, which would stand among the text.
        Self { place, html: request.version_1_0().send().await.body }
    }

    async fn live(member: &Person, path: &str) -> Self {
        let mut log = StreamedPage::open(member, path).await;
        log.shows("</article>").await;
        // What is after the message may come later.
        let end = log.text.find("</article>").unwrap_or(log.text.len());
        Self { place: "the stream", html: log.text[..end].to_owned() }
    }

    /// The page with script, which sees the content of `<noscript>` as text, and without.
    fn as_parsed(&self) -> [Html; 2] {
        let without_script = self.html.replace("<noscript>", "<div>").replace("</noscript>", "</div>");
        [&self.html, &without_script].map(|html| Html::parse_document(html))
    }
}

/// Every element with the names of its attributes and how deep it stands, and every comment, in the order of the page.
fn skeleton(page: &Html) -> Vec<String> {
    let lines = page.tree.nodes().map(|node| {
        let what = match node.value() {
            Node::Element(element) => {
                let mut attributes: Vec<_> = element.attrs().map(|(name, _)| name).collect();
                attributes.sort_unstable();
                format!("{} {}", element.name(), attributes.join(" "))
            }
            Node::Comment(_) => "a comment".to_owned(),
            _ => return None,
        };
        Some(format!("{:depth$}{what}", "", depth = node.ancestors().count()))
    });
    lines.flatten().collect()
}

fn texts(page: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).expect("a selector");
    page.select(&selector).map(|element| element.text().collect()).collect()
}
