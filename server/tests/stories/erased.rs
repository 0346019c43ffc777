//! What a deleted message said, and what an edited one said before, is in no file, frame, answer or page.

use std::fs;
use std::path::Path;
use std::time::Instant;

use hubbub_protocol::{Cursor, MessageId, Operation, Query, Seq, ServerFrame, codec};

use crate::support::binary::Binary;
use crate::support::person::Person;
use crate::support::server::TestServer;
use crate::support::site::Site;
use crate::support::streamed_page::StreamedPage;
use crate::support::tab::{NO_WAIT, Tab};
use crate::support::{LOBBY, PATIENCE, advance_clock, fresh_id};

/// The word in the text that is posted.
const POSTED: &str = "Zwetschgenkuchen";
/// The word in the text that is edited in.
const EDITED: &str = "Palatschinken";

/// Posts a text, lets others do everything with it, edits it and deletes it.
async fn plant_and_erase(data: &Path, kira: &Person) -> MessageId {
    let (mut kira, mut jonas) = (kira.in_lobby().await, kira.site.join("Jonas").await.in_lobby().await);
    let message = fresh_id();
    kira.posts_to(LOBBY, message, &format!("{POSTED}, {}", "and so on, ".repeat(100))).await.expect("an ack");
    jonas.operates(Operation::Post { body: "Yes!".to_owned(), reply_to: Some(message) }).await.expect("an ack");
    let react = Operation::React { message, emoji: "🎉".to_owned(), on: true };
    jonas.operates(react).await.expect("an ack");
    jonas.operates(Operation::Pin { message, on: true }).await.expect("an ack");
    kira.operates(Operation::Edit { message, body: format!("{EDITED} rather") }).await.expect("an ack");
    // Some pages of other messages behind it.
    kira.posts_all((0..40).map(|n| format!("{n} {}", "more ".repeat(100)))).await;
    assert!(holds(data, POSTED) && holds(data, EDITED), "the words are in the data folder");
    kira.operates(Operation::Delete { message }).await.expect("an ack");
    message
}

/// Whether any file of a folder holds a word.
fn holds(folder: &Path, word: &str) -> bool {
    let files = fs::read_dir(folder).expect("the folder is readable");
    files
        .map(|file| fs::read(file.expect("an entry").path()).expect("the file is readable"))
        .any(|bytes| bytes.windows(word.len()).any(|window| window == word.as_bytes()))
}

/// Waits until no file of the data folder holds the words.
async fn are_in_no_file(data: &Path, site: &Site) {
    let since = Instant::now();
    while holds(data, POSTED) || holds(data, EDITED) {
        assert!(since.elapsed() < PATIENCE, "the words are still in the data folder");
        site.get("/healthz").send().await;
    }
}

fn says_nothing(text: &str, what: &str) {
    for word in [POSTED, EDITED] {
        assert!(!text.contains(word), "{what} has {word}: {text}");
    }
}

/// No resume, answer or page that a person gets has the words.
async fn are_in_no_answer(kira: &Person, message: MessageId) {
    let (mut socket, page) = kira.following(LOBBY, None).await;
    says_nothing(&format!("{page:?}"), "the newest page");
    let ServerFrame::Page { epoch, .. } = page else { panic!("{page:?}") };
    for seq in [0, 1, 4, 5, 45] {
        let (mut resumed, told) = kira.following(LOBBY, Some(Cursor { epoch, seq: Seq(seq) })).await;
        says_nothing(&format!("{told:?} {:?}", resumed.rows(LOBBY)), "a resume");
        let mut tab = Tab::of(kira);
        tab.cursors.insert(LOBBY, Some(Cursor { epoch, seq: Seq(seq) }));
        says_nothing(&tab.poll_request(NO_WAIT).send().await.body, "a poll that resumes");
    }

    for query in [
        Query::Before(Seq(50)),
        Query::After(Seq(0)),
        Query::Around(message),
        Query::Messages(vec![message]),
        Query::Replies { to: message, after: Seq(0) },
        Query::Replies { to: message, after: Seq(1) },
        Query::Reactions(message),
        Query::Revisions(message),
    ] {
        let answer = socket.asks(LOBBY, query.clone()).await;
        says_nothing(&codec::encode(&answer), &format!("the answer to {query:?}"));
    }

    let epoch = epoch.0;
    for path in ["/", "/rooms/lobby"] {
        says_nothing(&kira.get(path).send().await.body, path);
    }
    for path in ["/rooms/lobby/live".to_owned(), format!("/rooms/lobby/live?epoch={epoch}&after=0")] {
        let mut page = StreamedPage::open(kira, &path).await;
        page.shows("<").await;
        says_nothing(page.text_so_far(&kira.site).await, &path);
    }
    let page = StreamedPage::past(kira, "/rooms/lobby/messages?before=40").await;
    says_nothing(&page.text, "a page of older messages");
}

#[tokio::test]
async fn erased_text_is_in_no_file_of_the_data_folder() {
    let server = TestServer::start_with(&["--posts-per-minute", "0"]).await;
    let kira = server.join("Kira").await;
    plant_and_erase(server.data(), &kira).await;
    // The server empties the -wal file some time after a deletion. It has begun to wait: it has answered since.
    server.get("/healthz").send().await;
    advance_clock(60).await;
    are_in_no_file(server.data(), &server).await;
}

#[tokio::test]
async fn erased_text_is_gone_after_a_kill_right_after_the_deletion() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Binary::start(data.path(), &["--posts-per-minute", "0"]).await;
    let kira = server.join("Kira").await;
    let message = plant_and_erase(data.path(), &kira).await;
    server.kill();
    assert!(holds(data.path(), POSTED) && holds(data.path(), EDITED), "the -wal file still has the words");

    let server = Binary::start(data.path(), &[]).await;
    let kira = Person { site: *server, ..kira };
    assert!(!holds(data.path(), POSTED) && !holds(data.path(), EDITED), "the words are gone once the store is open");
    are_in_no_answer(&kira, message).await;
}

#[tokio::test]
async fn erased_text_is_in_no_answer_of_any_transport() {
    let server = TestServer::start_with(&["--posts-per-minute", "0"]).await;
    let (kira, mio) = (server.join("Kira").await, server.join("Mio").await);
    // These two have not read on since before the message.
    let behind = Tab::in_lobby(&mio).await;
    let message = plant_and_erase(server.data(), &kira).await;

    let answer = behind.poll_request(NO_WAIT).send().await;
    assert!(answer.body.contains("posted") && answer.body.contains("deleted"), "the changes come: {}", answer.body);
    says_nothing(&answer.body, "a poll from before the message");
    are_in_no_answer(&kira, message).await;
}
