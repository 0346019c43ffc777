//! How the pages of a browser without script end, and what brings them back: it asks anew for whatever has ended, so
//! what is to stay goes on.

use std::time::{Duration, Instant};

use hubbub_protocol::Seq;

use crate::support::markup::Markup;
use crate::support::person::Person;
use crate::support::server::TestServer;
use crate::support::socket::Socket;
use crate::support::{LOBBY, advance_clock};

const LIVE: &str = "/rooms/lobby/live";

#[tokio::test]
async fn who_leaves_is_told_so_and_the_page_ends() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let mut page = Markup::open(&kira, LIVE).await;
    page.shows("This is the beginning").await;
    kira.leaves().await;
    page.ended().await;
    let mut again = Markup::of(kira.get(LIVE)).await;
    assert_eq!(again.status, 401);
    again.shows(r#"target="_top""#).await;
}

#[tokio::test]
async fn a_refusal_is_asked_for_anew_after_20_seconds_or_when_the_server_stops() {
    let mut server = TestServer::start().await;
    let mut refused = Markup::of(server.get(LIVE)).await;
    assert_eq!(refused.status, 401);
    refused.shows("</html>").await;
    let since = tokio::time::Instant::now();
    advance_clock(15).await;
    refused.text_so_far(&server).await;
    advance_clock(6).await;
    refused.ended().await;
    assert!(since.elapsed() < Duration::from_secs(25), "it ended after {:?}", since.elapsed());

    let mut stopped = Markup::of(server.get(LIVE)).await;
    stopped.shows("</html>").await;
    let since = Instant::now();
    server.tell_to_stop();
    stopped.ended().await;
    server.stopped().await.1.expect("it was told to stop");
    assert!(since.elapsed() < Duration::from_secs(5), "it took {:?}", since.elapsed());
}

#[tokio::test]
async fn a_server_that_stops_says_so_and_ends_every_page() {
    let mut server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let mut page = Markup::open(&kira, LIVE).await;
    page.shows("This is the beginning").await;
    let since = Instant::now();
    server.tell_to_stop();
    page.ended().await;
    server.stopped().await.1.expect("it was told to stop");
    assert!(since.elapsed() < Duration::from_secs(5), "it took {:?}", since.elapsed());
}

#[tokio::test]
async fn the_page_of_a_room_keeps_asking_from_where_it_began_and_nothing_is_missing() {
    let server = TestServer::start_with(&["--posts-per-minute", "0"]).await;
    let kira = server.join("Kira").await;
    let mut at_kira = kira.in_lobby().await;
    at_kira.posts_all((1..=60).map(|n| format!("Message {n}"))).await;
    let live = keeper(&kira).await.framed();
    let mut page = Markup::open(&kira, &live).await;
    page.shows("Message 60").await;
    assert_eq!(page.bodies(), (11..=60).map(|n| format!("Message {n}")).collect::<Vec<_>>());
    drop(page);
    at_kira.posts_all((61..=200).map(|n| format!("Message {n}"))).await;

    let mut page = Markup::open(&kira, &live).await;
    page.shows("Message 200").await;
    assert_eq!(page.bodies(), (11..=200).map(|n| format!("Message {n}")).collect::<Vec<_>>());
    assert!(page.text.contains("/rooms/lobby/messages?before=11"), "and the way to what is older");
}

#[tokio::test]
async fn what_brings_the_page_back_needs_no_server() {
    let server = TestServer::start().await;
    let kira = server.join("Kira").await;
    let keeper = keeper(&kira).await;
    let (after_s, again) = keeper.header("refresh").split_once(";url=").expect("it is loaded anew");
    assert_eq!(after_s, "1");
    let leads_to_it = Markup::of(kira.get(again)).await;
    assert_eq!(leads_to_it.status, 307);
    for answer in [&keeper, &leads_to_it] {
        assert_eq!(answer.header("cache-control"), "private, max-age=2592000, immutable");
    }
    assert!(keeper.header("content-security-policy").contains("frame-ancestors 'self'"));
    assert_eq!(kira.get("/rooms/lobby/keeper?epoch=1").send().await.status, 400);
}

#[tokio::test]
async fn who_was_away_for_too_long_is_told_and_led_to_what_came_meanwhile() {
    let server = TestServer::start_with(&["--posts-per-minute", "0"]).await;
    let kira = server.join("Kira").await;
    kira.in_lobby().await.posts_all((1..=502).map(|n| format!("Message {n}"))).await;
    let epoch = server.store.epoch().0;
    let mut page = Markup::open(&kira, &format!("{LIVE}?epoch={epoch}&after=1")).await;
    page.shows("Message 502").await;
    assert!(page.text.contains("More came meanwhile"), "{}", page.text);
    assert!(page.text.contains("/rooms/lobby/messages?before=453"), "{}", page.text);
    let mut elsewhere = Markup::open(&kira, &format!("{LIVE}?epoch={}&after=502", epoch + 1)).await;
    elsewhere.shows("Message 502").await;
}

#[tokio::test]
async fn a_page_of_more_than_500_messages_ends_and_the_next_has_the_newest_of_them() {
    let server = TestServer::start_with(&["--posts-per-minute", "0"]).await;
    let kira = server.join("Kira").await;
    let path = format!("{LIVE}?epoch={}&after=0", server.store.epoch().0);
    let mut page = Markup::open(&kira, &path).await;
    let mut socket = kira.in_lobby().await;
    for first in (1..500).step_by(50) {
        socket.posts_all((first..first + 50).map(|n| format!("Message {n}"))).await;
    }
    let mut again = Markup::open(&kira, &path).await;
    for page in [&mut page, &mut again] {
        page.shows("Message 500").await;
    }
    socket.posts("One more").await;
    for mut page in [page, again] {
        page.ended().await;
        assert_eq!((page.bodies().len(), page.bodies().last().map(String::as_str)), (501, Some("One more")));
    }
    let mut page = Markup::open(&kira, &path).await;
    page.shows("One more").await;
    assert!(page.bodies().len() == 50 && page.text.contains("More came meanwhile"), "{}", page.text);
}

#[tokio::test]
async fn a_page_of_the_past_stays_until_its_reader_leaves_or_the_server_stops() {
    let mut server = TestServer::start().await;
    let (kira, jonas) = (server.join("Kira").await, server.join("Jonas").await);
    kira.in_lobby().await.posts_all((1..=3).map(|n| format!("Message {n}"))).await;
    let mut at_kira = Markup::past(&kira, "/rooms/lobby/messages?before=3").await;
    let mut at_jonas = Markup::past(&jonas, "/rooms/lobby/messages?before=3").await;
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
async fn a_page_that_takes_no_bytes_holds_nobody_up_and_is_given_up() {
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
async fn a_page_that_takes_no_bytes_ends_at_once_with_its_session() {
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
async fn stuck_page(at_kira: &mut Socket, reader: &Person) -> Markup {
    at_kira.sees_present(LOBBY, &["Kira"]).await;
    let page = Markup::open(reader, LIVE).await;
    at_kira.sees_present(LOBBY, &["Jonas", "Kira"]).await;
    for _ in 0..LONG_POSTS / 20 {
        at_kira.posts_all((0..20).map(|_| "😀".repeat(4_000))).await;
    }
    page
}

/// The page in the frame of the lobby's.
async fn keeper(person: &Person) -> Markup {
    let mut room = Markup::open(person, "/rooms/lobby").await;
    room.ended().await;
    let again = Markup::of(person.get(&room.framed())).await;
    let mut keeper = Markup::open(person, again.header("location")).await;
    keeper.ended().await;
    keeper
}
