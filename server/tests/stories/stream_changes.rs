//! When the pages of a browser without script end because a message that they show has changed. The browser loads the page
//! again at once, and shows the new state.

use std::time::Instant;

use hubbub_protocol::{MessageId, Operation};

use crate::support::server::TestServer;
use crate::support::socket::Socket;
use crate::support::streamed_page::StreamedPage;
use crate::support::{LOBBY, advance_clock, fresh_id};

const LIVE: &str = "/rooms/lobby/live";
const PAST: &str = "/rooms/lobby/messages?before=3";

/// Posts three messages, of which the first two are on the page before the third.
async fn posts(socket: &mut Socket) -> [MessageId; 3] {
    let ids = [fresh_id(), fresh_id(), fresh_id()];
    for (id, body) in ids.iter().zip(["one", "two", "three"]) {
        socket.posts_to(LOBBY, *id, body).await.expect("an ack");
    }
    ids
}

fn edit(message: MessageId, body: &str) -> Operation {
    Operation::Edit { message, body: body.to_owned() }
}

fn react(message: MessageId, emoji: &str) -> Operation {
    Operation::React { message, emoji: emoji.to_owned(), on: true }
}

#[tokio::test]
async fn a_live_page_ends_at_once_when_a_text_that_it_shows_is_edited_or_deleted() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let mut at_kira = kira.in_lobby().await;
    let [first, second, _] = posts(&mut at_kira).await;
    let since = Instant::now();
    for n in 0..4 {
        let mut page = StreamedPage::open(&jonas, LIVE).await;
        page.shows("three").await;
        at_kira.operates(edit(first, &format!("edit {n}"))).await.expect("an ack");
        page.ended().await;
    }
    let mut page = StreamedPage::open(&jonas, LIVE).await;
    page.shows("edit 3").await;
    at_kira.operates(Operation::Delete { message: second }).await.expect("an ack");
    page.ended().await;
    assert!(since.elapsed().as_secs() < 5, "five pages took {:?}", since.elapsed());
    let mut page = StreamedPage::open(&jonas, LIVE).await;
    page.shows("three").await;
    assert!(!page.text.contains(">two<"), "{}", page.text);
}

#[tokio::test]
async fn a_live_page_ends_within_5_seconds_after_a_reaction_and_goes_on_without_one() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let mut at_kira = kira.in_lobby().await;
    let [first, ..] = posts(&mut at_kira).await;
    let mut page = StreamedPage::open(&jonas, LIVE).await;
    page.shows("three").await;
    advance_clock(6).await;
    at_kira.posts("four").await;
    page.shows("four").await;
    advance_clock(6).await;
    page.text_so_far(&server).await;

    at_kira.operates(react(first, "🎉")).await.expect("an ack");
    advance_clock(6).await;
    page.ended().await;
}

#[tokio::test]
async fn a_page_of_older_messages_ends_when_a_text_is_edited_or_deleted_and_not_after_a_reaction() {
    let server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let mut at_kira = kira.in_lobby().await;
    let [first, second, third] = posts(&mut at_kira).await;
    let mut page = StreamedPage::past(&jonas, PAST).await;
    at_kira.operates(react(first, "🎉")).await.expect("an ack");
    at_kira.operates(edit(third, "not on this page")).await.expect("an ack");
    advance_clock(10).await;
    page.text_so_far(&server).await;
    at_kira.operates(edit(first, "ONE")).await.expect("an ack");
    page.ended().await;

    let mut page = StreamedPage::past(&jonas, PAST).await;
    assert!(page.text.contains("ONE"), "{}", page.text);
    at_kira.operates(Operation::Delete { message: second }).await.expect("an ack");
    page.ended().await;
}
