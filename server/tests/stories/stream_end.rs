//! When the pages of a browser without script end, and how they are loaded again. The browser loads a page again as soon as
//! it ends, so a page that shall stay must not end.

use std::time::{Duration, Instant};

use hubbub_protocol::Seq;

use crate::support::person::Person;
use crate::support::server::TestServer;
use crate::support::socket::Socket;
use crate::support::streamed_page::StreamedPage;
use crate::support::{LOBBY, advance_clock};

const LIVE: &str = "/rooms/lobby/live";

#[tokio::test]
async fn a_page_ends_with_its_session_and_the_next_says_why() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let mut page = StreamedPage::open(&kira, LIVE).await;
    page.shows("This is the beginning").await;
    kira.leaves().await;
    page.ended().await;
    let mut again = StreamedPage::of(kira.get(LIVE)).await;
    assert_eq!(again.status, 401);
    again.shows(r#"target="_top""#).await;
}

#[tokio::test]
async fn a_refusal_ends_after_20_seconds_or_when_the_server_stops() {
    let mut server = TestServer::start().await;
    let mut refused = StreamedPage::of(server.get(LIVE)).await;
    assert_eq!(refused.status, 401);
    refused.shows("</html>").await;
    let since = tokio::time::Instant::now();
    advance_clock(15).await;
    refused.text_so_far(&server).await;
    advance_clock(6).await;
    refused.ended().await;
    assert!(since.elapsed() < Duration::from_secs(25), "it ended after {:?}", since.elapsed());

    let mut stopped = StreamedPage::of(server.get(LIVE)).await;
    stopped.shows("</html>").await;
    let since = Instant::now();
    server.tell_to_stop();
    stopped.ended().await;
    server.stopped().await.1.expect("it was told to stop");
    assert!(since.elapsed() < Duration::from_secs(5), "it took {:?}", since.elapsed());
}

#[tokio::test]
async fn every_page_ends_when_the_server_stops() {
    let mut server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let mut page = StreamedPage::open(&kira, LIVE).await;
    page.shows("This is the beginning").await;
    let since = Instant::now();
    server.tell_to_stop();
    page.ended().await;
    server.stopped().await.1.expect("it was told to stop");
    assert!(since.elapsed() < Duration::from_secs(5), "it took {:?}", since.elapsed());
}

#[tokio::test]
async fn a_page_that_is_loaded_again_starts_at_the_same_cursor() {
    let server = TestServer::start_with(&["--posts-per-minute", "0"]).await;
    let kira = server.join("Kira").await;
    let mut at_kira = kira.in_lobby().await;
    at_kira.posts_all((1..=60).map(|n| format!("Message {n}"))).await;
    let live = keeper(&kira).await.framed();
    let mut page = StreamedPage::open(&kira, &live).await;
    page.shows("Message 60").await;
    assert_eq!(page.bodies(), (11..=60).map(|n| format!("Message {n}")).collect::<Vec<_>>());
    drop(page);
    at_kira.posts_all((61..=200).map(|n| format!("Message {n}"))).await;

    let mut page = StreamedPage::open(&kira, &live).await;
    page.shows("Message 200").await;
    assert_eq!(page.bodies(), (11..=200).map(|n| format!("Message {n}")).collect::<Vec<_>>());
    assert!(page.text.contains("/rooms/lobby/messages?before=11"), "and the way to what is older");
}

#[tokio::test]
async fn the_page_that_reloads_the_log_is_cached() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let keeper = keeper(&kira).await;
    let (after_s, again) = keeper.header("refresh").split_once(";url=").expect("it is loaded anew");
    assert_eq!(after_s, "1");
    let leads_to_it = StreamedPage::of(kira.get(again)).await;
    assert_eq!(leads_to_it.status, 307);
    for answer in [&keeper, &leads_to_it] {
        assert_eq!(answer.header("cache-control"), "private, max-age=2592000, immutable");
    }
    assert!(keeper.header("content-security-policy").contains("frame-ancestors 'self'"));
    assert_eq!(kira.get("/rooms/lobby/keeper?epoch=1").send().await.status, 400);
}

#[tokio::test]
async fn a_cursor_that_is_too_old_gets_the_newest_page_and_a_link_to_the_gap() {
    let server = TestServer::start_with(&["--posts-per-minute", "0"]).await;
    let kira = server.join("Kira").await;
    kira.in_lobby().await.posts_all((1..=502).map(|n| format!("Message {n}"))).await;
    let epoch = server.store.epoch().0;
    let mut page = StreamedPage::open(&kira, &format!("{LIVE}?epoch={epoch}&after=1")).await;
    page.shows("Message 502").await;
    assert!(page.text.contains("More came meanwhile"), "{}", page.text);
    assert!(page.text.contains("/rooms/lobby/messages?before=453"), "{}", page.text);
    let mut elsewhere = StreamedPage::open(&kira, &format!("{LIVE}?epoch={}&after=502", epoch + 1)).await;
    elsewhere.shows("Message 502").await;
}

#[tokio::test]
async fn a_page_ends_after_500_messages_and_the_next_has_the_newest() {
    let server = TestServer::start_with(&["--posts-per-minute", "0"]).await;
    let kira = server.join("Kira").await;
    let path = format!("{LIVE}?epoch={}&after=0", server.store.epoch().0);
    let mut page = StreamedPage::open(&kira, &path).await;
    let mut socket = kira.in_lobby().await;
    for first in (1..500).step_by(50) {
        socket.posts_all((first..first + 50).map(|n| format!("Message {n}"))).await;
    }
    let mut again = StreamedPage::open(&kira, &path).await;
    for page in [&mut page, &mut again] {
        page.shows("Message 500").await;
    }
    socket.posts("One more").await;
    for mut page in [page, again] {
        page.ended().await;
        assert_eq!((page.bodies().len(), page.bodies().last().map(String::as_str)), (501, Some("One more")));
    }
    let mut page = StreamedPage::open(&kira, &path).await;
    page.shows("One more").await;
    assert!(page.bodies().len() == 50 && page.text.contains("More came meanwhile"), "{}", page.text);
}

#[tokio::test]
async fn a_page_of_history_stays_open_until_its_session_or_the_server_ends() {
    let mut server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    kira.in_lobby().await.posts_all((1..=3).map(|n| format!("Message {n}"))).await;
    let mut at_kira = StreamedPage::past(&kira, "/rooms/lobby/messages?before=3").await;
    let mut at_jonas = StreamedPage::past(&jonas, "/rooms/lobby/messages?before=3").await;
    jonas.in_lobby().await.posts("after").await;
    for comments in ["<!-- still here -->\n", "<!-- still here -->\n<!-- still here -->\n"] {
        advance_clock(2 * 60 * 60).await;
        at_kira.shows(comments).await;
    }
    assert_eq!(at_kira.bodies(), ["Message 1", "Message 2"]);

    kira.leaves().await;
    at_kira.ended().await;
    server.tell_to_stop();
    at_jonas.ended().await;
}

#[tokio::test]
async fn a_page_that_reads_nothing_delays_nobody_and_is_disconnected() {
    let server = TestServer::start_with(&["--posts-per-minute", "0"]).await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let mut at_kira = kira.in_lobby().await;
    let stuck = stuck_page(&mut at_kira, &jonas).await;
    advance_clock(11).await;
    at_kira.sees_present(LOBBY, &["Kira"]).await;
    assert_eq!(at_kira.posts("calm").await, Seq(LONG_POSTS + 1));
    drop(stuck);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_reads_nothing_is_disconnected_with_its_session() {
    let server = TestServer::start_with(&["--posts-per-minute", "0"]).await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    let mut at_kira = kira.in_lobby().await;
    let stuck = stuck_page(&mut at_kira, &jonas).await;
    let since = Instant::now();
    jonas.leaves().await;
    at_kira.sees_present(LOBBY, &["Kira"]).await;
    assert!(since.elapsed() < Duration::from_secs(4), "it took {:?}", since.elapsed());
    drop(stuck);
}

/// Together 1.9 MB, which is more than both ends' TCP buffers hold (256 KB to send, 32 KB to receive).
const LONG_POSTS: u64 = 120;

/// Opens a page that reads no more than its head, while Kira, who is alone in the lobby, posts more than the page's
/// connection holds.
async fn stuck_page(at_kira: &mut Socket, reader: &Person) -> StreamedPage {
    at_kira.sees_present(LOBBY, &["Kira"]).await;
    let page = StreamedPage::open(reader, LIVE).await;
    at_kira.sees_present(LOBBY, &["Jonas", "Kira"]).await;
    for _ in 0..LONG_POSTS / 20 {
        at_kira.posts_all((0..20).map(|_| "😀".repeat(4_000))).await;
    }
    // The changes of the last posts may come after their acks. Kira reads them, so that only the page stops reading.
    at_kira.changes(LOBBY, LONG_POSTS as usize).await;
    page
}

/// The page in the frame of the lobby's.
async fn keeper(person: &Person) -> StreamedPage {
    let mut room = StreamedPage::open(person, "/rooms/lobby").await;
    room.ended().await;
    let again = StreamedPage::of(person.get(&room.framed())).await;
    let mut keeper = StreamedPage::open(person, again.header("location")).await;
    keeper.ended().await;
    keeper
}
